using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>A request made ready to be asked.</summary>
/// <param name="Words">Of the question, as the indexes write them, each once.</param>
/// <param name="Vector">Null: it could not be had in time.</param>
/// <param name="Names">The question as names are compared in it: lower case, folded.</param>
public sealed record Question(RecallRequest Request, Lane Lane, IReadOnlyList<string> Words, ReadOnlyMemory<float>? Vector, string Names, TimeAsked Time)
{
    /// <summary>Whom it is about.</summary>
    public AboutWhom Whom { get; } = AboutWhom.In(Request.Query);

    /// <param name="focus">What was talked about last.</param>
    internal MemoryQuestion OfMemories(string focus, int limit) => new(
        Lane, Request.Scope, Request.Collection, Request.Filter, Words, Vector, Names, ContentHash.Normalize(focus), limit);
}

/// <summary>The question's vector, as long as the caller can wait for it.</summary>
public sealed class QuestionVector(IEmbeddingGenerator<string, Embedding<float>> generator, VectorSpace space, IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    /// <exception cref="VectorSpaceException">What came does not belong to the space.</exception>
    public async Task<ReadOnlyMemory<float>> OfAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        Embedding<float> vector = await generator.GenerateAsync(request.Query, cancellationToken: cancellationToken)
            .WaitAsync(Patience(request.Budget), time, cancellationToken);
        space.Check(vector.Vector.Span);
        return vector.Vector;
    }

    // An answer by words alone that comes in time is worth more to the caller than a better one that comes too late.
    private TimeSpan Patience(TimeSpan? budget)
    {
        TimeSpan longest = TimeSpan.FromMilliseconds(options.Value.EmbedMilliseconds);
        return budget is { } all && all * 2 / 3 < longest ? all * 2 / 3 : longest;
    }
}
