namespace Memory.Api.Tests.Auth;

/// <summary>A second memory API on the same database, as where several serve one address.</summary>
internal sealed class OtherProcess(ApiApplication first) : IAsyncDisposable
{
    private readonly ApiApplication _second = ApiApplication.On(first.Database);
    private bool _isRunning;

    internal async Task<Answer> PingAsync(string key)
    {
        if (!_isRunning)
            await _second.InitializeAsync();
        _isRunning = true;
        return await _second.As(key).GetAsync("/v1/ping/");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
            await _second.DisposeAsync();
    }
}
