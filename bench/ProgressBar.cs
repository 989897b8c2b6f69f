namespace Memory.Bench;

/// <summary>
/// One line on stderr that fills up; where stderr is no terminal there is none, only what is said beside it. May be ticked
/// from several threads.
/// </summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;
    private readonly Lock gate = new();
    private readonly HashSet<string> said = [];
    private readonly TextWriter error;
    private readonly bool visible;
    private readonly string title;
    private readonly int total;
    private int done;
    private int shown = -1;
    private int length;

    internal ProgressBar(string title, int total)
        : this(title, total, Console.Error, !Console.IsErrorRedirected)
    {
    }

    internal ProgressBar(string title, int total, TextWriter error, bool visible)
    {
        this.title = title;
        this.total = Math.Max(total, 1);
        this.error = error;
        this.visible = visible;
        Draw();
    }

    internal void Tick(int by = 1)
    {
        lock (gate)
        {
            done += by;
            Draw();
        }
    }

    /// <summary>Says something on a line of its own, in the bar's place, and the bar goes on below.</summary>
    /// <param name="reason">Of one that was said before nothing is said.</param>
    internal void SayOnce(string reason, string text)
    {
        lock (gate)
        {
            if (!said.Add(reason))
                return;
            error.WriteLine(visible ? $"\r{text.PadRight(length)}" : text);
            shown = -1;
            Draw();
        }
    }

    public void Dispose()
    {
        if (visible)
            error.WriteLine();
    }

    private void Draw()
    {
        int permille = (int)(1000L * Math.Min(done, total) / total);
        if (!visible || permille == shown)
            return;
        shown = permille;
        int filled = Width * permille / 1000;
        string bar = $"{title,-10} [{new string('#', filled)}{new string('.', Width - filled)}] {done}/{total}";
        length = bar.Length;
        error.Write($"\r{bar}");
    }
}
