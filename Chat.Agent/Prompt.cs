using Memory.Client;
using Microsoft.Extensions.AI;

namespace Chat.Agent;

/// <summary>
/// The order that prompt caching wants: what never changes first (system), then what only grows (the window), and what
/// changes every time, the memories, last, as data in the user's role.
/// </summary>
internal static class Prompt
{
    private static readonly string s_system = Read();

    internal static IReadOnlyList<ChatMessage> Of(MemoryContext? context, string message)
    {
        List<ChatMessage> prompt = [new(ChatRole.System, s_system)];
        IReadOnlyList<WindowTurn> window = context?.Window ?? [];
        // What stands at the end without an answer is this very message, stored before its answer failed.
        if (window is [.., { Role: "user" } newest] && newest.Content == message)
            window = [.. window.SkipLast(1)];
        foreach (WindowTurn turn in window)
        {
            // A tool's output is somebody else's text: it is shown as what the person's side brought, never as a rule.
            ChatRole role = turn.Role == "assistant" ? ChatRole.Assistant : ChatRole.User;
            prompt.Add(new ChatMessage(role, turn.Content));
        }

        List<AIContent> last = [new TextContent(message)];
        if (!string.IsNullOrEmpty(context?.Block))
            last.Add(new TextContent("\n\n" + context.Block));
        prompt.Add(new ChatMessage(ChatRole.User, last));
        return prompt;
    }

    private static string Read()
    {
        using Stream stream = typeof(Prompt).Assembly.GetManifestResourceStream("Chat.Agent.Prompt.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
