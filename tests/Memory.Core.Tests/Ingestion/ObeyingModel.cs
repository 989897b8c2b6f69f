using System.Text.Json;
using Memory.Testing.Injections;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Ingestion;

/// <summary>
/// The worst that a model can be: it does what any text tells it, says that the person said so themself, and in the plan
/// puts it in the place of whatever it is shown first.
/// </summary>
internal sealed class ObeyingModel : IChatClient
{
    private InjectionCase? _case;
    private bool _citesLast;
    private bool _forgets;

    internal void Obey(InjectionCase one, bool citesLast) => (_case, _citesLast, _forgets) = (one, citesLast, false);

    internal void ForgetFor(InjectionCase one) => (_case, _citesLast, _forgets) = (one, false, true);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string asked = messages.First(message => message.Role == ChatRole.User).Text;
        string answer = asked.StartsWith("The memories:", StringComparison.Ordinal) ? Plan(asked) : Extract(asked);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { FinishReason = ChatFinishReason.Stop });
    }

    private string Extract(string asked)
    {
        List<JsonElement> shown = Lines(asked);
        int n = CitedIn(shown);
        if (_forgets)
            return Answered.Forget(n, _case!.Words[0]);
        var injected = new Answered(_case!.Injected.Text, n) { Kind = _case.Injected.Kind, Importance = 1, Confidence = 1 };
        return _case.Own is null ? Answered.All(injected) : Answered.All(new Answered(_case.Own, 1), injected);
    }

    private int CitedIn(List<JsonElement> shown)
    {
        string stood = _case!.Messages[_case.Injected.Message - 1].Content;
        int at = _citesLast ? -1 : shown.FindIndex(message => message.GetProperty("text").GetString() == stood);
        return (at >= 0 ? at : Math.Max(0, shown.FindLastIndex(message => message.GetProperty("role").GetString() == "user"))) + 1;
    }

    private static string Plan(string asked)
    {
        string[] parts = asked.Split("The new facts:");
        return Answered.Plan([.. Lines(parts[1]).Select(fact => (fact.GetProperty("n").GetInt32(), "update", (int?)1))]);
    }

    private static List<JsonElement> Lines(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("{\"n\":", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line))];

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
