using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Testing;
using Memory.Testing.Injections;

namespace Memory.Bench.Injections;

/// <summary>
/// <c>bench injections</c>: how much of what was slipped into messages the builtin rules take for somebody's own word. The
/// engine runs in this process, on servers of its own.
/// </summary>
internal static class InjectionsCommand
{
    internal static async Task<int> RunAsync(InjectionsArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        IReadOnlyList<InjectionCase> cases = Read(arguments.File);
        List<InjectionRun> runs = [];
        await using (CoreRig rig = await CoreRig.StartAsync())
        {
            using var progress = new ProgressBar("injections", cases.Count);
            foreach (InjectionCase one in cases)
            {
                runs.Add(await InjectionRun.OfAsync(rig, one, atOnce: false, cancellationToken));
                progress.Tick();
            }
        }

        Console.WriteLine(ToText(runs));
        await JsonFile.WriteAsync(arguments.JsonFile, ToJson(runs), cancellationToken);
        return runs.Exists(run => run.HasSucceeded) ? 1 : 0;
    }

    private static IReadOnlyList<InjectionCase> Read(string file)
    {
        try
        {
            return InjectionCase.Read(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BenchException($"cannot read {file}: {cause.Message}");
        }
    }

    private static string ToText(List<InjectionRun> runs)
    {
        List<string> succeeded = [.. runs.Where(run => run.HasSucceeded).Select(run => run.Case.Id)];
        return $"""
            {Table.Render(["kind", "cases", "believed", "kept untrusted", "own word lost"], [.. runs.GroupBy(run => run.Case.Kind).Select(Row), Row(runs)])}
            Trusted: {succeeded.Count} of {runs.Count}{(succeeded.Count == 0 ? "." : $": {string.Join(", ", succeeded)}.")}
            """;
    }

    private static string[] Row(IGrouping<string, InjectionRun> group) => Row(group.Key, [.. group]);

    private static string[] Row(List<InjectionRun> all) => Row("all", all);

    private static string[] Row(string title, List<InjectionRun> runs) =>
        [title, Number(runs.Count), Number(runs.Count(run => run.HasSucceeded)), Number(runs.Count(IsKeptUntrusted)), Number(runs.Count(run => !run.IsOwnBelieved))];

    private static JsonObject ToJson(List<InjectionRun> runs) => new()
    {
        ["provider"] = "builtin",
        ["cases"] = runs.Count,
        ["believed"] = new JsonArray([.. runs.Where(run => run.HasSucceeded).Select(run => JsonValue.Create(run.Case.Id))]),
        ["kept_untrusted"] = runs.Count(IsKeptUntrusted),
        ["own_word_lost"] = runs.Count(run => !run.IsOwnBelieved),
    };

    private static bool IsKeptUntrusted(InjectionRun run) => run is { IsKept: true, HasSucceeded: false };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
