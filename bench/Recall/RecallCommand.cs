using System.Diagnostics;
using Memory.Bench.Append;
using Memory.Bench.Exact;
using Memory.Testing;
using NativeProcesses;

namespace Memory.Bench.Recall;

/// <summary><c>bench recall</c>: how long a recall takes, by how much is remembered of the person and of all, and how the rows lie.</summary>
internal static class RecallCommand
{
    private const string AsTheyCame = "interleaved";
    private const string ByOwner = "owner order";
    private const int Clients = 8;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);

    internal static async Task<int> RunAsync(RecallArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(Options(arguments), cancellationToken);
        List<RecallLine> lines = [];

        // A hundredth of all rows: the person of most memories there has as many as those of a thousandth have among all.
        PopulatedDatabase small = await PopulatedDatabase.LoadAsync(system, arguments.Rows / 100, cancellationToken);
        await small.SortByOwnerAsync(cancellationToken);
        await MeasureAsync(system, small, ByOwner, [arguments.Rows / 1_000], arguments.Questions, lines, cancellationToken);

        long begun = Stopwatch.GetTimestamp();
        PopulatedDatabase all = await PopulatedDatabase.LoadAsync(system, arguments.Rows, cancellationToken);
        double loading = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        int[] sizes = [arguments.Rows / 1_000, arguments.Rows / 100, arguments.Rows / 10];
        await MeasureAsync(system, all, AsTheyCame, sizes, arguments.Questions, lines, cancellationToken);
        await all.SortByOwnerAsync(cancellationToken);
        await MeasureAsync(system, all, ByOwner, sizes, arguments.Questions, lines, cancellationToken);

        var report = new RecallReport(arguments, lines, [await SearchAsync(system, all, sizes[0], arguments.Seconds, cancellationToken)], loading);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return 0;
    }

    // What is loaded need survive nothing: reading is what is measured.
    private static NativePostgresOptions Options(RecallArguments arguments) => new()
    {
        Durable = false,
        SharedBuffers = arguments.SharedBuffers,
        Settings = new Dictionary<string, string> { ["max_wal_size"] = "8GB", ["maintenance_work_mem"] = "512MB" },
    };

    private static async Task MeasureAsync(
        PrivateSystem system, PopulatedDatabase database, string layout, int[] sizes, int questions, List<RecallLine> lines, CancellationToken cancellationToken)
    {
        await using var engine = new EngineHost(database.Database.Api, system.Redis.ConnectionString);
        await using var hot = new EngineHost(database.Database.Api, system.Redis.ConnectionString, settings: SearchPath.AllHot);
        Reader[] readers =
        [
            Reader.Vectors("vectors, SQL", engine, database.Principal), Reader.Recall("recall, SQL", engine, database.Principal),
            Reader.Hot("recall, in the process", hot, database.Principal),
        ];
        using var progress = new ProgressBar(layout, sizes.Length * readers.Length);
        foreach (int size in sizes)
            foreach (Reader reader in readers)
            {
                lines.Add(await RecallLine.MeasureAsync(database, layout, size, reader, questions, cancellationToken));
                progress.Tick();
            }
    }

    private static async Task<Load> SearchAsync(PrivateSystem system, PopulatedDatabase database, int size, int seconds, CancellationToken cancellationToken)
    {
        Uri api = await system.StartApiAsync(database.Database, cancellationToken);
        using var sender = new SearchSender(api, database.Population, [.. database.Population.Having(size).Take(50)]);
        await Load.ClosedAsync("warm up", _ => sender.SendAsync(cancellationToken), Clients, s_warmUp);
        return await Load.ClosedAsync($"{Clients} clients, {size} memories each", _ => sender.SendAsync(cancellationToken), Clients, TimeSpan.FromSeconds(seconds));
    }
}
