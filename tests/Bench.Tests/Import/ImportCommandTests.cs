using System.Text.Json;
using Memory.Bench.Import;

namespace Memory.Bench.Tests.Import;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Lines_go_out_in_order_in_pieces_that_each_have_a_key()
    {
        await using var api = await ScriptedImport.StartAsync();
        string[] lines = Write(1_201);

        await RunAsync(api);

        Assert.Equal(lines, api.Imported.SelectMany(request => request.Lines));
        Assert.Equal([500, 500, 201], api.Imported.Select(request => request.Lines.Length));
        Assert.Equal(3, api.Imported.Select(request => request.Key).Distinct().Count());
    }

    [Fact]
    public async Task Started_again_the_same_pieces_go_out_under_the_same_keys()
    {
        await using var api = await ScriptedImport.StartAsync();
        Write(700);

        await RunAsync(api);
        await RunAsync(api);

        Assert.Equal(2, api.Imported.Select(request => request.Key).Distinct().Count());
        Assert.Equal(4, api.Imported.Count);
    }

    [Fact]
    public void Another_file_and_another_user_are_other_imports()
    {
        File.WriteAllText(file, """{"content":"whose?"}""");
        string nobodys = ImportFile.KeyOf(ImportFile.Read(file, null)), bens = ImportFile.KeyOf(ImportFile.Read(file, "ben"));
        File.WriteAllText(file, """{"content":"who?"}""");

        Assert.Equal(3, new[] { nobodys, bens, ImportFile.KeyOf(ImportFile.Read(file, null)) }.Distinct().Count());
    }

    [Fact]
    public async Task A_cut_connection_and_a_backlog_are_waited_out_with_the_same_key()
    {
        await using var api = await ScriptedImport.StartAsync(ScriptedImport.Cut, ScriptedImport.Backlog);
        string[] lines = Write(3);

        Assert.Equal(0, await RunAsync(api));

        Assert.Equal(lines, Assert.Single(api.Imported).Lines);
    }

    [Fact]
    public async Task A_refused_line_ends_the_import_and_says_among_which_it_is()
    {
        await using var api = await ScriptedImport.StartAsync(ScriptedImport.Refuse);
        Write(3);

        var failure = await Assert.ThrowsAsync<BenchException>(() => RunAsync(api));

        Assert.Contains("lines 1 to 3, answered 400: Line 2: content is blank", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_stays_until_every_event_is_through()
    {
        await using var api = await ScriptedImport.StartAsync();
        Write(600);

        await ImportCommand.RunAsync(new ImportArguments(file, null, null, Wait: true), api.System, CancellationToken.None);

        Assert.Equal(api.Events.Order(), api.Polled.Distinct().Order());
    }

    [Fact]
    public void A_user_is_put_where_a_line_names_nobody()
    {
        File.WriteAllLines(file, ["""{"content":"whose?"}""", """{"run_id":"r","content":"a run's"}"""]);

        IReadOnlyList<string> lines = ImportFile.Read(file, "ana");

        Assert.Equal(["ana", null], lines.Select(line => JsonElement.Parse(line).TryGetProperty("user_id", out JsonElement id) ? id.GetString() : null));
    }

    [Fact]
    public void Conversations_of_LoCoMo_become_messages_of_a_user_each()
    {
        File.WriteAllLines(file,
        [
            """{"conv":"c1","session":"S1","session_time":"2024-03-01T09:00:00","turn":"D1:1","speaker":"Ada","text":"Hi"}""",
            """{"conv":"c1","session":"S1","session_time":"2024-03-01T09:00:00","turn":"D1:2","speaker":"Bo","text":"Look","caption":"a cat"}""",
            """{"conv":"c2","session":"S1","session_time":"2024-03-02T09:00:00","turn":"D1:1","speaker":"Cy","text":"Hey"}""",
        ]);

        JsonElement[] lines = [.. ImportFile.Read(file, null).Select(line => JsonElement.Parse(line))];

        Assert.Equal(["c1", "c1", "c2"], lines.Select(line => line.GetProperty("user_id").GetString()));
        Assert.Equal(["c1-S1", "c1-S1", "c2-S1"], lines.Select(line => line.GetProperty("run_id").GetString()));
        Assert.Equal(["Ada", "Bo", "Cy"], lines.Select(line => line.GetProperty("name").GetString()));
        Assert.Equal(DateTimeOffset.Parse("2024-03-01T09:00:05Z", null), lines[1].GetProperty("at").GetDateTimeOffset());
        Assert.Equal("Look [shared a picture: a cat]", lines[1].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("FILE is missing")]
    [InlineData("one FILE only", "a", "b")]
    [InlineData("unknown option '--fast'", "a", "--fast")]
    [InlineData("--key needs a value", "a", "--key")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => ImportArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private string[] Write(int count)
    {
        string[] lines = [.. Enumerable.Range(1, count).Select(i => $$"""{"user_id":"ana","role":"user","content":"message {{i}}"}""")];
        File.WriteAllLines(file, lines);
        return lines;
    }

    private Task<int> RunAsync(ScriptedImport api) =>
        ImportCommand.RunAsync(new ImportArguments(file, null, null, Wait: false), api.System, CancellationToken.None);
}
