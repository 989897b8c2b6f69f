using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Memory.Api.Mem0;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

/// <summary>The grammar of filters, sentence by sentence: what it says in C# is what it says in SQL.</summary>
public sealed partial class FilterGrammarTests : IAsyncLifetime
{
    private const int Filters = 10_000;
    private const int OfOneStatement = 50;

    // All that a condition may be made of besides its arguments.
    private static readonly string[] s_literals = ["'user'", "'agent'", "'app'", "'run'", "'string'", "'array'", "'utc'", "'{}'"];

    private CoreRig _rig = null!;

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Literal { get; }

    [GeneratedRegex(@"\A[a-z_.,:()<>=@&#\-\s\[\]]*\z")]
    private static partial Regex Plain { get; }

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task What_a_filter_says_of_each_memory_Postgres_says_too(int seed)
    {
        var random = new Random(seed);
        var rows = new NastyRows(_rig, random);
        List<MemoryRecord> all = await rows.KeepAsync(60);
        var grammar = new RandomFilterJson(random, rows, all);

        int tried = 0, selective = 0;
        while (tried < Filters)
        {
            List<(string Json, MemoryFilter Filter)> some = [.. Enumerable.Range(0, OfOneStatement).Select(_ => Readable(grammar))];
            Dictionary<Guid, bool[]> answers = await AskAsync(some.ConvertAll(one => one.Filter));
            foreach (((string json, MemoryFilter filter), int index) in some.Select((one, index) => (one, index)))
            {
                int matching = 0;
                foreach (MemoryRecord record in all)
                {
                    bool matches = filter.Matches(record);
                    Assert.True(matches == answers[record.Id.Value][index], $"Seed {seed}, {json} of {record}: {matches} in C# only.\n{filter.ToSql(new())}");
                    matching += matches ? 1 : 0;
                }

                selective += matching > 0 && matching < all.Count ? 1 : 0;
            }

            tried += some.Count;
        }

        Assert.InRange(selective, Filters / 4, Filters);
    }

    [Fact]
    public async Task No_value_of_a_filter_is_part_of_its_statement()
    {
        var random = new Random(13);
        var rows = new NastyRows(_rig, random);
        var grammar = new RandomFilterJson(random, rows, await rows.KeepAsync(20));

        for (var i = 0; i < 2_000; i++)
        {
            (string json, MemoryFilter filter) = Readable(grammar);
            string sql = filter.ToSql(new SqlArguments());
            Assert.All(Literal.Matches(sql), literal => Assert.Contains(literal.Value, s_literals));
            string bare = Regex.Replace(Literal.Replace(sql, ""), @"\$\d+|> 0", "");
            Assert.True(Plain.IsMatch(bare), $"{json} became {sql}");
        }
    }

    /// <summary>The next that is within the limits: there may be more conditions than a filter can have.</summary>
    private static (string Json, MemoryFilter Filter) Readable(RandomFilterJson grammar)
    {
        while (true)
        {
            string json = grammar.Next();
            try
            {
                return (json, FilterTree.Read(JsonElement.Parse(json))!);
            }
            catch (InvalidInputException refused) when (refused.Message.Contains($"{FilterLimits.Clauses} conditions", StringComparison.Ordinal))
            {
                continue;
            }
        }
    }

    private async Task<Dictionary<Guid, bool[]>> AskAsync(IReadOnlyList<MemoryFilter> filters)
    {
        var arguments = new SqlArguments(_rig.Principal.Project);
        string conditions = string.Join(",\n", filters.Select(filter => filter.ToSql(arguments)));
        var text = string.Create(CultureInfo.InvariantCulture, $"select m.id, array[{conditions}] from memories m where m.project_id = $1");
        List<(Guid Id, bool[] Answers)> rows = await _rig.Api<MemoryDb>().QueryAsync(
            _rig.Principal.Project, new Sql<(Guid, bool[])>(text, row => (row.GetGuid(0), row.GetFieldValue<bool[]>(1)), arguments.ToArray()), CancellationToken.None);
        return rows.ToDictionary(row => row.Id, row => row.Answers);
    }
}
