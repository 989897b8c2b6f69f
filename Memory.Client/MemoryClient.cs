using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Client.Chat;
using Microsoft.Extensions.Options;

namespace Memory.Client;

/// <summary>
/// The typed client of the memory API. Every call has a budget of its own: a chat that waits for its memory is worse than
/// one without. A recall is asked once; what is to be stored is sent once more where it may not have arrived.
/// </summary>
public sealed partial class MemoryClient(HttpClient http, IOptions<MemoryClientOptions> options)
{
    private const string InProgress = "urn:memory:problem:request-in-progress";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>
    /// Stores messages of a conversation, in order; once it returns they are not lost. Where the connection breaks, half of the
    /// budget passes without an answer, or the API is not ready, they are sent once more under the same key, and stored once.
    /// </summary>
    /// <param name="idempotencyKey">
    /// 1 to 255 printable ASCII characters that name this write among all of the API key: with the same one the same messages are
    /// stored once, however often they are sent. Null: one of its own.
    /// </param>
    /// <exception cref="MemoryClientException">They were not, or it is not known: the budget ran out, or the API refused.</exception>
    public async Task<Appended> AppendAsync(
        Scope scope, IReadOnlyList<Message> messages, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        int milliseconds = options.Value.AppendMilliseconds;
        var body = new { scope, messages };
        idempotencyKey ??= Guid.NewGuid().ToString();
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(milliseconds);
        try
        {
            try
            {
                return await PostAsync<Appended>("v1/messages/", body, idempotencyKey, milliseconds / 2, budget.Token);
            }
            catch (MemoryClientException cause) when (cause.MayWorkAgain)
            {
                // Refused at once, it would be refused again at once.
                await Task.Delay(cause.Status is null ? 0 : milliseconds / 10, budget.Token);
                return await PostAsync<Appended>("v1/messages/", body, idempotencyKey, milliseconds, budget.Token);
            }
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate(milliseconds, cause);
        }
    }

    /// <summary>
    /// What matters for the next answer: the block that goes last in the prompt, and the conversation's window. Of a query longer
    /// than the API takes, its beginning and its end are asked.
    /// </summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public Task<MemoryContext> ContextAsync(ContextRequest request, CancellationToken cancellationToken = default) =>
        PostAsync<MemoryContext>(
            "v1/context/", request with { Query = RecallQuery.Of(request.Query), BudgetMs = request.BudgetMs ?? options.Value.RecallMilliseconds }, null,
            options.Value.RecallMilliseconds, cancellationToken);

    private Task<T> PostAsync<T>(string path, object body, string? idempotencyKey, int milliseconds, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, path, body, idempotencyKey, milliseconds, cancellationToken);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, object? body, string? idempotencyKey, int milliseconds, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(milliseconds);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: s_json) };
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            using HttpResponseMessage answer = await http.SendAsync(request, budget.Token);
            if (!answer.IsSuccessStatusCode)
                throw await ReadErrorAsync(answer, budget.Token);
            return await answer.Content.ReadFromJsonAsync<T>(s_json, budget.Token)
                ?? throw new MemoryClientException("The memory API answered nothing.", (int)answer.StatusCode);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate(milliseconds, cause);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException or JsonException)
        {
            // What is no JSON was answered by somebody else, and would be again.
            throw new MemoryClientException("The memory API could not be asked.", null, cause) { MayWorkAgain = cause is not JsonException };
        }
    }

    private static MemoryClientException TooLate(int milliseconds, Exception cause) =>
        new($"The memory API did not answer within {milliseconds} ms.", null, cause) { MayWorkAgain = true };

    private static async Task<MemoryClientException> ReadErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Error? error = answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? await answer.Content.ReadFromJsonAsync<Error>(s_json, cancellationToken)
            : null;
        int status = (int)answer.StatusCode;
        return new MemoryClientException(error?.Detail ?? $"The memory API answered {status}.", status)
        {
            MayWorkAgain = status == 503 || (status == 409 && error?.Type == InProgress),
        };
    }

    private sealed record Error(string? Detail, string? Type);
}

/// <summary>The memory API could not do what was asked; a chat goes on without it and says so.</summary>
/// <param name="status">The HTTP status it answered with; null when it did not answer.</param>
public sealed class MemoryClientException(string message, int? status, Exception? cause = null) : Exception(message, cause)
{
    public int? Status { get; } = status;

    /// <summary>Whether the same request may have another outcome a moment later.</summary>
    internal bool MayWorkAgain { get; init; }
}
