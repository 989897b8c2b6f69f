using Memory.Core.Tests.Architecture;

namespace Memory.Core.Tests.Ingestion;

/// <summary>
/// A text that was looked at once, kept beside the tests. Where it changes on purpose: run the tests with
/// <c>MEMORY_ACCEPT_SNAPSHOTS=1</c>, look at what git shows, and commit it.
/// </summary>
internal static class Snapshot
{
    private const string Accept = "MEMORY_ACCEPT_SNAPSHOTS";

    internal static void Matches(string name, string text)
    {
        string file = Path.Combine(Sources.Root, "tests", "Memory.Core.Tests", "Ingestion", "Snapshots", $"{name}.txt");
        text = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(file, text);
        string kept = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        int at = kept.Zip(text).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            kept == text,
            $"{name} is not as in {file}, from character {at} on: '{Around(kept, at)}' became '{Around(text, at)}'. "
            + $"Where that is meant, run the test with {Accept}=1 and commit the file.");
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 30)..Math.Min(text.Length, at + 60)];
}
