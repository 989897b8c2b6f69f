using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>
/// Which memories a property means, by the words of its name: their attribute, kind and categories before their text. Of one export:
/// each memory and each name is taken apart once.
/// </summary>
internal sealed partial class FittingMemories
{
    private static readonly HashSet<string> s_all = [.. new[] { "memory", "memories", "fact", "facts", "items" }.Select(EnglishWords.Stem)];

    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Hump { get; }

    /// <returns>The best first, and among equals the newest; where attribute, kind or category fit, those alone.</returns>
    internal IReadOnlyList<StemmedMemory> Of(string name, IReadOnlyList<StemmedMemory> memories)
    {
        HashSet<string> wanted = WordsOf(name);
        if (wanted.Count == 0)
            return [];
        if (wanted.IsSubsetOf(s_all))
            return memories;
        List<(StemmedMemory Memory, int Fit)> fitting =
        [
            .. memories.Select(memory => (memory, Fit: memory.Fit(wanted))).Where(one => one.Fit > 0)
                .OrderByDescending(one => one.Fit).ThenByDescending(one => one.memory.UpdatedAt),
        ];
        bool isNamed = fitting.Count > 0 && fitting[0].Fit > 1;
        return [.. fitting.Where(one => !isNamed || one.Fit > 1).Select(one => one.Memory)];
    }

    private HashSet<string> WordsOf(string name)
    {
        if (!_names.TryGetValue(name, out HashSet<string>? words))
            _names[name] = words = StemmedMemory.Stems(Hump.Replace(name, " "));
        return words;
    }
}

/// <summary>A memory, and the words of it that a name can fit.</summary>
internal sealed class StemmedMemory(MemoryRecord memory)
{
    private readonly HashSet<string> _attribute = Stems(memory.Attribute ?? "");
    private readonly HashSet<string> _kind = Stems(memory.Kind);
    private readonly List<HashSet<string>> _categories = [.. memory.Categories.Select(Stems)];
    private readonly HashSet<string> _content = Stems(memory.Content);

    internal string Content => memory.Content;

    internal DateTimeOffset UpdatedAt => memory.UpdatedAt;

    /// <returns>0: not at all.</returns>
    internal int Fit(HashSet<string> wanted) =>
        _attribute.SetEquals(wanted) ? 4
        : _attribute.Count > 0 && (_attribute.IsSubsetOf(wanted) || wanted.IsSubsetOf(_attribute)) ? 3
        : _kind.SetEquals(wanted) || _categories.Any(category => category.SetEquals(wanted)) ? 2
        : wanted.IsSubsetOf(_content) ? 1
        : 0;

    internal static HashSet<string> Stems(string text) => [.. EnglishWords.Split(text).Where(word => !EnglishWords.IsStopWord(word)).Select(EnglishWords.Stem)];
}
