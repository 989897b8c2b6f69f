namespace Memory.Bench.Append;

/// <summary>
/// <c>bench append</c>: how many appends a second, and how long one takes, through HTTP to the commit and back; and how much
/// longer while Redis is emptied again and again, hangs, or is gone.
/// </summary>
internal static class AppendCommand
{
    private const int Rate = 200;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);

    internal static async Task<int> RunAsync(AppendArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        var settings = new Dictionary<string, string?> { ["Memory:Storage:PreparedStatements"] = arguments.IsPrepared ? "true" : "false" };
        using var sender = new Sender(await system.StartApiAsync(await system.NewDatabaseAsync(), settings, cancellationToken));
        var time = TimeSpan.FromSeconds(arguments.Seconds);
        Task<Load> PacedAsync(string redis) => Load.OpenAsync($"{Rate}/s{redis}", sender, Rate, time, cancellationToken);

        await Load.ClosedAsync("warm up", sender, 16, s_warmUp, cancellationToken);
        List<Func<Task<Load>>> planned =
        [
            () => Load.ClosedAsync("1 client", sender, 1, time, cancellationToken),
            () => Load.ClosedAsync("16 clients", sender, 16, time, cancellationToken),
            () => Load.ClosedAsync("64 clients", sender, 64, time, cancellationToken),
            () => PacedAsync(""),
            () => RedisTrouble.EmptiedAsync(system.Redis, () => PacedAsync(", Redis emptied")),
            () => RedisTrouble.HungAsync(system.Redis, () => PacedAsync(", Redis hung")),
            () => RedisTrouble.GoneAsync(system.Redis, () => PacedAsync(", Redis gone")),
        ];
        List<Load> loads = [];
        using (var progress = new ProgressBar("append", planned.Count))
        {
            foreach (Func<Task<Load>> load in planned)
            {
                loads.Add(await load());
                progress.Tick();
            }
        }

        var report = new AppendReport(loads, PrivateSystem.Build, arguments.IsPrepared);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return 0;
    }
}
