namespace Memory.Models.Resilience;

/// <summary>
/// Keeps retries a small share of all calls: each call earns a part of a retry, a retry costs a whole one. When everything
/// fails, retrying everything only makes it worse.
/// </summary>
/// <param name="percent">Retries per hundred calls.</param>
internal sealed class RetryBudget(int percent)
{
    private const double Most = 10;
    private readonly Lock _lock = new();
    private double _left = percent == 0 ? 0 : Most;

    internal void Earn()
    {
        lock (_lock)
            _left = Math.Min(Most, _left + percent / 100.0);
    }

    internal bool TrySpend()
    {
        lock (_lock)
        {
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
