using System.Text.RegularExpressions;

namespace Memory.Core.Tests.Architecture;

/// <summary>The first wall between people: every statement on user data names the project and the owner.</summary>
public sealed partial class StatementTests
{
    /// <summary>Statements that find an owner by an id alone; what they find is shown only after the access policy agreed.</summary>
    private static readonly string[] s_byIdAlone = ["FindOwner", "ReadOne"];

    [GeneratedRegex("""const string (?<name>\w+) =\s*\$?\"{3}(?<text>.*?)\"{3}""", RegexOptions.Singleline)]
    private static partial Regex Statement { get; }

    [GeneratedRegex(@"const string (?<name>\w+) =\s*""(?<text>[^""\n]+)"";")]
    private static partial Regex ShortStatement { get; }

    [GeneratedRegex(@"\b(?:from|into|update|join)\s+(?:memories|memory_versions|memory_vectors|episodes|events|entities|memory_entities|relations|conflicts|memory_evidence|journal|forget_rules|conversations|audit|plans|dead_letters|webhook_deliveries|memory_exports)\b")]
    private static partial Regex UserData { get; }

    public static TheoryData<string, string, string> Statements()
    {
        var data = new TheoryData<string, string, string>();
        foreach ((string path, string text) in Sources.In("Memory.Core"))
        {
            foreach (Match match in Statement.Matches(text).Concat(ShortStatement.Matches(text)))
            {
                if (UserData.IsMatch(match.Groups["text"].Value))
                    data.Add(path, match.Groups["name"].Value, match.Groups["text"].Value);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_on_user_data_names_project_and_owner(string path, string name, string text)
    {
        if (path is "LongTerm/MemoryStore.cs" or "Episodic/IngestionEventLog.cs" or "History/ConflictLog.cs" && s_byIdAlone.Contains(name) && text.Contains("project_id = $1 and id = $2"))
            return;

        // Numbers of a whole project, for those who administer it.
        if (path is "Webhooks/WebhookStore.cs" && name is "Columns")
            return;

        // {InScope} of the memory store spells all three out.
        Assert.True(
            text.Contains("{InScope}") || (text.Contains("project_id") && text.Contains("owner_kind") && text.Contains("owner_id")),
            $"{path}: {name} reaches user data without naming project and owner.");
    }

    /// <summary>Readers of changes go by it: an update that leaves it out is never heard of.</summary>
    [Fact]
    public void A_statement_that_changes_events_says_in_which_transaction()
    {
        List<string> updates = [.. Sources.In("Memory.Core")
            .SelectMany(file => Statement.Matches(file.Text).Concat(ShortStatement.Matches(file.Text)).Select(match => match.Groups["text"].Value))
            .Where(text => Regex.IsMatch(text, @"\bupdate\s+events\b"))];

        Assert.InRange(updates.Count, 4, 100);
        Assert.All(updates, text => Assert.Contains("changed = pg_current_xact_id()", text, StringComparison.Ordinal));
    }

    [Fact]
    public void There_are_statements_to_look_at() => Assert.InRange(Statements().Count, 20, 500);

    [Fact]
    public void No_statement_is_put_together_from_values() =>
        Assert.DoesNotContain(
            Sources.In("Memory.Core").SelectMany(file => Statement.Matches(file.Text).Select(match => match.Groups["text"].Value)),
            text => Regex.Matches(text, @"\{(?<hole>[\w.]+)\}").Any(hole => !char.IsUpper(hole.Groups["hole"].Value[0])));
}
