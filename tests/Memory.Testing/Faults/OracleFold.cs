using System.Text.RegularExpressions;

namespace Memory.Testing.Faults;

/// <summary>
/// The right memories, as a fold of what was said: of every <c>FACT key=value</c> the last one holds, and each was written
/// down once.
/// </summary>
internal static partial class OracleFold
{
    [GeneratedRegex(@"\bFACT (?<key>\w+)=(?<value>\w+)")]
    private static partial Regex Marked { get; }

    public static async Task<IEnumerable<string>> BrokenAsync(TestDatabase database, IReadOnlyList<string> users, IReadOnlyList<StoredEpisode> episodes)
    {
        List<(string Owner, string Text)> active = await database.ListAsync(
            "select owner_id, content from memories where owner_kind = 'user' and owner_id = any($1) and status = 'active'",
            row => (row.GetString(0), row.GetString(1)), (object)users.ToArray());
        List<(string Owner, string Text, long Times)> written = await database.ListAsync(
            "select owner_id, content, count(*) from memory_versions where owner_kind = 'user' and owner_id = any($1) group by owner_id, content",
            row => (row.GetString(0), row.GetString(1), row.GetInt64(2)), (object)users.ToArray());
        HashSet<(string, string)> right = [.. users.SelectMany(user => Fold(episodes.Where(episode => episode.Owner == user)).Select(fact => (user, fact)))];
        return
        [
            .. right.Except(active).Select(lost => $"oracle: not remembered: {lost}"),
            .. active.Except(right).Select(wrong => $"oracle: remembered and wrong: {wrong}"),
            .. active.GroupBy(one => one).Where(group => group.Count() > 1).Select(twice => $"oracle: remembered twice: {twice.Key}"),
            .. written.Where(one => one.Times > 1).Select(twice => $"I2 written down {twice.Times} times: {twice.Owner} {twice.Text}"),
        ];
    }

    private static IEnumerable<string> Fold(IEnumerable<StoredEpisode> episodes)
    {
        Dictionary<string, string> facts = [];
        foreach (StoredEpisode episode in episodes.Where(episode => !episode.IsDead))
        {
            foreach (Match fact in Marked.Matches(episode.Text))
                facts[fact.Groups["key"].Value] = fact.Groups["value"].Value;
        }

        return facts.Select(fact => $"User's {fact.Key} is {fact.Value}");
    }
}
