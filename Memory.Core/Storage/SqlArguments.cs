namespace Memory.Core.Storage;

/// <summary>The positional arguments of a statement that is put together from parts: a value never becomes part of its text.</summary>
/// <param name="given">What <c>$1</c>, <c>$2</c>, … are already.</param>
public sealed class SqlArguments(params IEnumerable<object?> given)
{
    private readonly List<object?> _values = [.. given];

    /// <returns>How the text names it: <c>$7</c>.</returns>
    public string Add(object? value)
    {
        _values.Add(value);
        return $"${_values.Count}";
    }

    public object?[] ToArray() => [.. _values];
}
