using Microsoft.Extensions.AI;

namespace Microsoft.Agents.AI;

public sealed class AIContext
{
    public string? Instructions { get; set; }

    public IEnumerable<ChatMessage>? Messages { get; set; }

    public IEnumerable<AITool>? Tools { get; set; }
}
