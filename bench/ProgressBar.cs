namespace Memory.Bench;

/// <summary>One line on stderr that fills up; silent where stderr is not a terminal. May be ticked from several threads.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;
    private readonly Lock gate = new();
    private readonly bool visible = !Console.IsErrorRedirected;
    private readonly string title;
    private readonly int total;
    private int done;
    private int shown = -1;

    internal ProgressBar(string title, int total)
    {
        this.title = title;
        this.total = Math.Max(total, 1);
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

    public void Dispose()
    {
        if (visible)
            Console.Error.WriteLine();
    }

    private void Draw()
    {
        int permille = (int)(1000L * Math.Min(done, total) / total);
        if (!visible || permille == shown)
            return;
        shown = permille;
        int filled = Width * permille / 1000;
        Console.Error.Write($"\r{title,-10} [{new string('#', filled)}{new string('.', Width - filled)}] {done}/{total}");
    }
}
