namespace Memory.Core.LongTerm.Filters;

/// <summary>How large a filter may be: whoever asks for more asks for something else.</summary>
public static class FilterLimits
{
    /// <summary>Objects and lists of AND, OR and NOT within each other.</summary>
    public const int Depth = 5;

    /// <summary>Conditions in all.</summary>
    public const int Clauses = 20;

    /// <summary>Values of one <c>in</c>.</summary>
    public const int Values = 100;

    /// <summary>Characters of one value.</summary>
    public const int Text = 1_000;
}
