using System.Text.Json;

namespace Memory.Api.Tests;

/// <summary>One block of a stream: a change, or only a comment.</summary>
public sealed record Heard(string? Id, string? Name, string? Data, string? Comment)
{
    public JsonElement Body => JsonElement.Parse(Data!);

    public Guid Event => Body.GetProperty("id").GetGuid();

    public string Status => Body.GetProperty("status").GetString()!;
}

/// <summary>Reads server-sent events block by block, as they come.</summary>
public sealed class EventReader : IDisposable
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage response, StreamReader reader, string firstId)
    {
        _response = response;
        _reader = reader;
        FirstId = firstId;
    }

    /// <summary>Where to go on when nothing was heard yet.</summary>
    public string FirstId { get; }

    public static async Task<EventReader> OpenAsync(HttpResponseMessage response)
    {
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("retry: 1000", await reader.ReadLineAsync().WaitAsync(s_patience));
        string? id = await reader.ReadLineAsync().WaitAsync(s_patience);
        Assert.StartsWith("id: ", id, StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync().WaitAsync(s_patience));
        return new EventReader(response, reader, id!["id: ".Length..]);
    }

    /// <returns>The next change; null at the end of the stream.</returns>
    public async Task<Heard?> NextAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        Heard? block;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            block = await NextBlockAsync();
        }
        while (block is { Comment: not null });

        return block;
    }

    /// <summary>The next block, be it only a comment; null at the end of the stream.</summary>
    public async Task<Heard?> NextBlockAsync()
    {
        Dictionary<string, string> fields = [];
        while (await _reader.ReadLineAsync().WaitAsync(s_patience) is { } line)
        {
            if (line.Length == 0)
                return new Heard(fields.GetValueOrDefault("id"), fields.GetValueOrDefault("event"), fields.GetValueOrDefault("data"), fields.GetValueOrDefault(""));
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 2)..]);
        }

        Assert.Empty(fields);
        return null;
    }

    /// <summary>Listens until something that was hoped for is heard.</summary>
    /// <returns>All that was heard, that included.</returns>
    public async Task<List<Heard>> UntilAsync(Predicate<List<Heard>> hoped)
    {
        List<Heard> heard = [];
        do
            heard.Add(await NextAsync() ?? throw new InvalidOperationException($"The stream ended after {heard.Count} changes."));
        while (!hoped(heard));
        return heard;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
