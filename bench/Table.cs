using System.Text;

namespace Memory.Bench;

/// <summary>Plain text in aligned columns: the first column to the left, the others, which are figures, to the right.</summary>
internal static class Table
{
    internal static string Render(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max())];
        var text = new StringBuilder();
        AppendRow(text, header, widths);
        AppendRow(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (IReadOnlyList<string> row in rows)
            AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        IEnumerable<string> aligned = cells.Select((cell, column) =>
            column is 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
        text.AppendLine(string.Join("  ", aligned).TrimEnd());
    }
}
