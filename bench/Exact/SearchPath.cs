using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Bench.Exact;

/// <summary>One way in which the product finds the nearest memories.</summary>
/// <param name="IsPromised">Whether the promises are about it; else it is shown for comparison.</param>
internal sealed record SearchPath(string Name, bool IsPromised, Func<VectorQuestion, CancellationToken, Task<IReadOnlyList<NearMemory>>> AskAsync)
{
    internal static SearchPath Sql(string name, bool isPromised, EngineHost engine) => new(name, isPromised, async (question, cancellationToken) =>
    {
        var trip = new RoundTrip();
        List<NearMemory> found = trip.Add(engine.Get<PgVectorIndex>().Statement(question));
        await engine.Get<MemoryDb>().SendAsync(question.Lane.Project, trip, cancellationToken);
        return found;
    });

    /// <summary>In this process's memory; what is not there yet is read first.</summary>
    internal static SearchPath Hot(string name, EngineHost engine) => new(name, true, async (question, cancellationToken) =>
    {
        HotOwners owners = engine.Get<HotOwners>();
        IOwnerMemories? memories = await owners.FindAsync(question.Lane, cancellationToken);
        if (memories is null && await owners.LoadAsync(question.Lane, cancellationToken))
            memories = await owners.FindAsync(question.Lane, cancellationToken);
        var asked = new MemoryQuestion(
            question.Lane, MemoryScope.Create(userId: question.Lane.Owner.Id), null, null, [], question.Vector, "", "", question.Limit);
        return (await (memories ?? throw new BenchException("a person's memories found no room")).SearchAsync(asked, cancellationToken)).Near;
    });

    /// <summary>Room for everybody.</summary>
    internal static Dictionary<string, string?> AllHot { get; } =
        new() { ["Memory:HotOwners:Megabytes"] = "4096", ["Memory:HotOwners:MostMemories"] = "1000000" };
}
