namespace Memory.Testing;

/// <summary>
/// A text that was looked at once, kept beside the tests. Where it changes on purpose: run the tests with
/// <c>MEMORY_ACCEPT_SNAPSHOTS=1</c>, look at what git shows, and commit it.
/// </summary>
public static class Snapshot
{
    private const string Accept = "MEMORY_ACCEPT_SNAPSHOTS";

    /// <param name="path">Below tests/, without its ending.</param>
    public static void Matches(string path, string text)
    {
        string file = Path.Combine(Checkout.Root, "tests", $"{path}.txt");
        text = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(file, text);
        string kept = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        int at = kept.Zip(text).TakeWhile(pair => pair.First == pair.Second).Count();
        if (kept != text)
        {
            throw new InvalidOperationException(
                $"{file} differs from character {at} on: '{Around(kept, at)}' became '{Around(text, at)}'. "
                + $"Where that is meant, run the test with {Accept}=1 and commit the file.");
        }
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 30)..Math.Min(text.Length, at + 60)];
}
