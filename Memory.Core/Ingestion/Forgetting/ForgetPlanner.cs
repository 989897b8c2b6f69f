using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>Finds what a wish to forget is about. What cannot be undone is found by the person's words, never by likeness.</summary>
public sealed class ForgetPlanner(MemoryDb db)
{
    internal const string Asked = "forgotten at the person's wish";

    private const string NotCarriedOut = "not carried out: to erase everything of a person is for the application";

    // Words that name no thing of their own.
    private static readonly HashSet<string> s_empty =
        ["old", "new", "thing", "things", "stuff", "everything", "anything", "fact", "facts", "information", "info", "details", "data", "memory", "memories", "know", "said", "told", "mentioned"];

    // Words that a memory need not have to be meant: "my dog's name", "my email address".
    private static readonly HashSet<string> s_general = [.. s_empty, "name", "number", "address", "date"];

    /// <returns>One operation for each memory that goes; one without a target for a wish that finds none, since it may have been said all the same.</returns>
    public async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IEnumerable<Fact> wishes, CancellationToken cancellationToken)
    {
        List<MemoryOperation> plan = [];
        foreach (Fact wish in wishes)
        {
            (Fact meant, List<ForgetTarget> found) = await FindAsync(lane, wish, cancellationToken);
            List<MemoryId> whole = [.. found.Where(target => target.IsWhole).Select(target => target.Memory).Distinct()];
            if (whole.Count == 0)
                plan.Add(new MemoryOperation.Forget(null, meant, IsEverything(wish) ? NotCarriedOut : "nothing is remembered of it"));
            plan.AddRange(whole.Select(memory => new MemoryOperation.Forget(memory, meant, Asked)));
        }

        return plan;
    }

    /// <summary>What a wish is about, each memory in its current words and every older version that alone is meant.</summary>
    internal async Task<(Fact Meant, List<ForgetTarget> Found)> FindAsync(Lane lane, Fact wish, CancellationToken cancellationToken)
    {
        ForgetRequest asked = wish.Forget!;
        long? seq = wish.SourceSeqs.Count > 0 ? wish.SourceSeqs[^1] : null;
        List<IReadOnlyList<string>> known = await db.QueryAsync(lane.Project, ForgetTargets.NamesOf(lane, asked.About), cancellationToken);
        if (asked.IsEntity || known.Count > 0)
        {
            string[] names = ForgetTargets.AllNames(known, asked.About);
            return (wish with { Forget = asked with { IsEntity = true } }, await db.QueryAsync(lane.Project, ForgetTargets.Of(lane, asked, names, seq), cancellationToken));
        }

        foreach (string about in Wordings(asked.About))
        {
            List<ForgetTarget> found = await db.QueryAsync(lane.Project, ForgetTargets.Of(lane, asked with { About = about }, [], seq), cancellationToken);
            if (found.Count > 0)
                return (wish with { Forget = asked with { About = about } }, found);
        }

        return (wish, []);
    }

    private static bool IsEverything(Fact wish) => ContentHash.Normalize(wish.Forget!.About) is "me" or "myself" or "i" or "us";

    // As it was said, then without what is general; nothing where all of it is.
    private static IEnumerable<string> Wordings(string about)
    {
        if (!ForgetTargets.PointsBack(about) && EnglishWords.Split(about).All(s_empty.Contains))
            yield break;
        yield return about;
        string particular = string.Join(' ', EnglishWords.Split(about).Where(word => !s_general.Contains(word)));
        if (particular.Length > 0)
            yield return particular;
    }
}
