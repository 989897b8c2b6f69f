namespace Memory.Bench.Append;

/// <summary><c>bench append</c>: how many appends a second, and how long one takes, through HTTP to the commit and back.</summary>
internal static class AppendCommand
{
    private const int Rate = 200;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);

    internal static async Task<int> RunAsync(AppendArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        using var sender = new Sender(await system.StartApiAsync(await system.NewDatabaseAsync(), cancellationToken));
        var time = TimeSpan.FromSeconds(arguments.Seconds);

        await Load.ClosedAsync("warm up", sender, 16, s_warmUp, cancellationToken);
        List<Func<Task<Load>>> planned =
        [
            () => Load.ClosedAsync("1 client", sender, 1, time, cancellationToken),
            () => Load.ClosedAsync("16 clients", sender, 16, time, cancellationToken),
            () => Load.ClosedAsync("64 clients", sender, 64, time, cancellationToken),
            () => Load.OpenAsync($"{Rate}/s", sender, Rate, time, cancellationToken),
            () => WithHungRedisAsync(system, () => Load.OpenAsync($"{Rate}/s, Redis hung", sender, Rate, time, cancellationToken)),
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

        var report = new AppendReport(loads, PrivateSystem.Build);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return 0;
    }

    private static async Task<Load> WithHungRedisAsync(PrivateSystem system, Func<Task<Load>> load)
    {
        system.Redis.Freeze();
        try
        {
            return await load();
        }
        finally
        {
            system.Redis.Thaw();
        }
    }
}
