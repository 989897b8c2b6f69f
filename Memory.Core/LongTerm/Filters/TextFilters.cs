using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>It says exactly this.</summary>
public sealed record TextIs(string Text) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(m.content = {arguments.Add(Text)})";

    public override bool Matches(MemoryRecord record) => record.Content == Text;
}

/// <summary>Its text holds this one, letter for letter: nothing in it is a pattern.</summary>
public sealed record TextContains(string Text) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(strpos(m.content, {arguments.Add(Text)}) > 0)";

    public override bool Matches(MemoryRecord record) => record.Content.Contains(Text, StringComparison.Ordinal);
}

/// <summary>The same without regard to upper and lower case.</summary>
public sealed record TextContainsFolded(string Text) : MemoryFilter
{
    private readonly CaseFolding _folding = CaseFolding.For(Text);

    public override string ToSql(SqlArguments arguments) =>
        $"(strpos(translate(m.content, {arguments.Add(_folding.Upper)}, {arguments.Add(_folding.Lower)}), {arguments.Add(_folding.Text)}) > 0)";

    public override bool Matches(MemoryRecord record) => _folding.Fold(record.Content).Contains(_folding.Text, StringComparison.Ordinal);
}
