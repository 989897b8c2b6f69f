using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microsoft.Agents.AI;

public abstract class AIAgent
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public virtual string? Name { get; }

    public virtual string? Description { get; }

    protected abstract ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken = default);

    protected abstract ValueTask<JsonElement> SerializeSessionCoreAsync(
        AgentSession session, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default);

    protected abstract ValueTask<AgentSession> DeserializeSessionCoreAsync(
        JsonElement serializedState, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default);

    protected abstract Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default);

    protected abstract IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default);
}

public abstract class AgentSession
{
    protected AgentSession()
    {
    }
}

public class AgentRunOptions;

public class AgentResponse;

public class AgentResponseUpdate;
