using Memory.Core;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Bench.Exact;

/// <summary><c>bench exact</c>: whether each way of searching finds what comparing every vector finds.</summary>
internal static class ExactCommand
{
    private static readonly int[] s_sizes = [10, 100, 1_000, 10_000, 50_000, 100_000];
    private static readonly int[] s_limits = [10, 100];

    internal static async Task<int> RunAsync(ExactArguments arguments, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(arguments.JsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        TestDatabase database = await system.NewDatabaseAsync();
        await using var engine = new EngineHost(database.Api, system.Redis.ConnectionString);
        await using var everyVector = new EngineHost(database.Api, system.Redis.ConnectionString, settings: SignsFrom(100_000_000));
        await using var signsFirst = new EngineHost(database.Api, system.Redis.ConnectionString, settings: SignsFrom(1));
        await using var hot = new EngineHost(database.Api, system.Redis.ConnectionString, settings: SearchPath.AllHot);
        Principal principal = await engine.Get<ApiKeyStore>().FindAsync(TestServers.ApiKey, cancellationToken) ?? throw new BenchException("the new database lacks its key");
        IReadOnlyList<SearchPath> paths =
        [
            SearchPath.Sql("SQL, as it comes", true, engine), SearchPath.Sql("SQL, every vector", true, everyVector), SearchPath.Sql("SQL, signs first", false, signsFirst),
            SearchPath.Hot("in the process", hot),
        ];

        List<ExactLine> lines = [];
        int[] sizes = [.. s_sizes.Where(size => size <= arguments.Largest)];
        using (var progress = new ProgressBar("exact", 2 * sizes.Length))
        {
            foreach (VectorKind kind in (VectorKind[])[new VectorKind.Texts(), new VectorKind.Clusters()])
                foreach (int size in sizes)
                {
                    lines.AddRange(await MeasureAsync(database, principal.Project, kind, size, arguments.Questions, paths, cancellationToken));
                    progress.Tick();
                }
        }

        var report = new ExactReport(lines, arguments.Questions);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return report.IsKept ? 0 : 1;
    }

    private static async Task<List<ExactLine>> MeasureAsync(
        TestDatabase database, ProjectId project, VectorKind kind, int size, int questions, IReadOnlyList<SearchPath> paths, CancellationToken cancellationToken)
    {
        var user = $"{kind.Name} {size}";
        var lane = new Lane(project, new Owner(OwnerKind.User, user));
        Dictionary<MemoryId, float[]> vectors = [];
        await using (var bulk = new BulkMemories(database.Owner, project))
        {
            foreach (int[] chunk in Enumerable.Range(0, size).Chunk(10_000))
            {
                BulkMemory[] memories = [.. chunk.AsParallel().AsOrdered().Select(number =>
                {
                    (string text, float[] vector) = kind.Memory(number);
                    return new BulkMemory(user, text, vector);
                })];
                await bulk.LoadAsync(memories, cancellationToken);
                foreach (BulkMemory memory in memories)
                    vectors.Add(memory.Id, ExactLine.Rounded(memory.Vector));
            }
        }

        await database.ExecuteAsync("vacuum analyze memory_vectors");
        List<ExactLine> lines = [];
        foreach (int limit in s_limits)
        {
            VectorQuestion[] asked = [.. Enumerable.Range(0, questions).Select(number => new VectorQuestion(lane, kind.Question(number, size), limit))];
            foreach (SearchPath path in paths)
                lines.Add(await ExactLine.MeasureAsync(kind.Name, path, vectors, asked, cancellationToken));
        }

        return lines;
    }

    private static Dictionary<string, string?> SignsFrom(int count) => new() { ["Memory:Vectors:SignsFrom"] = $"{count}" };
}
