using Memory.Bench.Cost;
using Memory.Models;

namespace Memory.Bench.Ingest;

/// <summary>
/// <c>bench ingest</c>: how many messages a second become memories, with the builtin rules and with a model that takes its
/// time, and how often that model is asked, when everything is there already and when each message is distilled before the next.
/// </summary>
internal static class IngestCommand
{
    /// <summary>As many people have the built-in conversation at once, where speed is measured: one alone is over while the process still compiles.</summary>
    private const int People = 250, PeopleOfModel = 25;

    private static readonly TimeSpan s_modelTime = TimeSpan.FromMilliseconds(300);

    internal static async Task<int> RunAsync(IngestArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        List<IngestLines> lines = [];
        await using (PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken))
        {
            foreach (Conversation conversation in Conversation.All(arguments.Conversation))
            {
                lines.Add(await BulkRun.RunAsync(system, ModelProvider.Builtin, TimeSpan.Zero, conversation.Name, Crowd(conversation, People), cancellationToken));
                lines.Add(await BulkRun.RunAsync(system, ModelProvider.OpenAi, s_modelTime, conversation.Name, Crowd(conversation, PeopleOfModel), cancellationToken));
                lines.Add(IngestLines.Of(conversation.Name, await CostRun.RunAsync(ModelProvider.OpenAi, CostRun.Live, conversation.Messages, cancellationToken)));
            }
        }

        var report = new IngestReport(lines, s_modelTime);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return 0;
    }

    private static IReadOnlyList<Said> Crowd(Conversation conversation, int people) => conversation.IsBuiltIn ? conversation.Among(people) : conversation.Messages;
}
