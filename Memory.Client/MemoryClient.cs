using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Memory.Client;

/// <summary>
/// The typed client of the memory API. Every call has a budget of its own and is made once: a chat that waits for its
/// memory is worse than one without.
/// </summary>
public sealed class MemoryClient(HttpClient http, IOptions<MemoryClientOptions> options)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Stores messages of a conversation, in order; once it returns they are not lost.</summary>
    /// <exception cref="MemoryClientException">They were not, or it is not known: the budget ran out, or the API refused.</exception>
    public Task<Appended> AppendAsync(Scope scope, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        PostAsync<Appended>("v1/messages/", new { scope, messages }, options.Value.AppendMilliseconds, cancellationToken);

    /// <summary>What matters for the next answer: the block that goes last in the prompt, and the conversation's window.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public Task<MemoryContext> ContextAsync(ContextRequest request, CancellationToken cancellationToken = default) =>
        PostAsync<MemoryContext>(
            "v1/context/", request with { BudgetMs = request.BudgetMs ?? options.Value.RecallMilliseconds }, options.Value.RecallMilliseconds, cancellationToken);

    private async Task<T> PostAsync<T>(string path, object body, int milliseconds, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(milliseconds);
        try
        {
            using HttpResponseMessage answer = await http.PostAsJsonAsync(path, body, s_json, budget.Token);
            if (!answer.IsSuccessStatusCode)
                throw new MemoryClientException(await ReadErrorAsync(answer, budget.Token), (int)answer.StatusCode);
            return await answer.Content.ReadFromJsonAsync<T>(s_json, budget.Token)
                ?? throw new MemoryClientException("The memory API answered nothing.", (int)answer.StatusCode);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MemoryClientException($"The memory API did not answer within {milliseconds} ms.", null, cause);
        }
        catch (Exception cause) when (cause is HttpRequestException or JsonException)
        {
            throw new MemoryClientException("The memory API could not be asked.", null, cause);
        }
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Error? error = answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? await answer.Content.ReadFromJsonAsync<Error>(s_json, cancellationToken)
            : null;
        return error?.Detail ?? $"The memory API answered {(int)answer.StatusCode}.";
    }

    private sealed record Error(string? Detail);
}

/// <summary>The memory API could not do what was asked; a chat goes on without it and says so.</summary>
/// <param name="status">The HTTP status it answered with; null when it did not answer.</param>
public sealed class MemoryClientException(string message, int? status, Exception? cause = null) : Exception(message, cause)
{
    public int? Status { get; } = status;
}
