using Memory.Core;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Retrieval;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Storage;
using Memory.Models.Builtin;
using Memory.Testing;

namespace Memory.Bench.Recall;

/// <summary>One way in which a question is answered inside the process, without HTTP.</summary>
internal sealed record Reader(string Name, Func<MemoryScope, string, CancellationToken, Task> AskAsync)
{
    private const int Limit = 10;

    /// <summary>All stages, as an endpoint asks for them.</summary>
    internal static Reader Recall(string name, EngineHost engine, Principal principal) => new(name, (scope, question, cancellationToken) =>
        engine.Get<RecallPipeline>().RecallAsync(principal, new RecallRequest(scope, question, Limit), cancellationToken));

    /// <summary>The same with the person's memories in this process's memory: who is not there yet is read as a whole first.</summary>
    internal static Reader Hot(string name, EngineHost engine, Principal principal)
    {
        HashSet<Owner> loaded = [];
        Reader recall = Recall(name, engine, principal);
        return new(name, async (scope, question, cancellationToken) =>
        {
            if (loaded.Add(scope.Owner) && !await engine.Get<HotOwners>().LoadAsync(new Lane(principal.Project, scope.Owner), cancellationToken))
                throw new BenchException("a person's memories found no room");
            await recall.AskAsync(scope, question, cancellationToken);
        });
    }

    /// <summary>The search by vector alone, with as many candidates as a recall asks for.</summary>
    internal static Reader Vectors(string name, EngineHost engine, Principal principal)
    {
        int candidates = engine.Get<Microsoft.Extensions.Options.IOptions<RetrievalOptions>>().Value.Candidates;
        return new(name, (scope, question, cancellationToken) =>
        {
            var lane = new Lane(principal.Project, scope.Owner);
            var trip = new RoundTrip();
            trip.Add(engine.Get<PgVectorIndex>().Statement(new VectorQuestion(lane, HashedEmbeddings.Embed(question), candidates)));
            return engine.Get<MemoryDb>().SendAsync(lane.Project, trip, cancellationToken);
        });
    }
}
