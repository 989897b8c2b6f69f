using Memory.Bench.Import;

namespace Memory.Bench.Tests.Import;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private readonly StringWriter output = new();

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
        string nobodys = KeyOf(null), bens = KeyOf("ben");
        File.WriteAllText(file, """{"content":"who?"}""");

        Assert.Equal(3, new[] { nobodys, bens, KeyOf(null) }.Distinct().Count());
    }

    [Fact]
    public async Task A_line_that_was_corrected_leaves_what_was_stored_before_it_under_its_keys()
    {
        await using var api = await ScriptedImport.StartAsync();
        string[] lines = Write(1_201);
        await RunAsync(api);
        lines[700] = lines[700].Replace("\"content\":\"", "\"content\":\"corrected: ", StringComparison.Ordinal);
        File.WriteAllLines(file, lines);

        await RunAsync(api);

        string[] keys = [.. api.Imported.Select(request => request.Key)];
        Assert.Equal([true, false, false], keys[..3].Zip(keys[3..], (before, after) => before == after));
    }

    [Fact]
    public async Task Whoever_sends_what_was_sent_before_is_told_so_and_how_it_is_sent_as_new()
    {
        await using var api = await ScriptedImport.StartAsync();
        Write(700);
        await RunAsync(api);
        Assert.Equal("700 messages stored, 0 were already", output.ToString().Trim());
        output.GetStringBuilder().Clear();

        await RunAsync(api);

        Assert.StartsWith("0 messages stored, 700 were already", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("sent before under the same key", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("with --key NAME, a name that was not used yet, all of it is sent as new", output.ToString(), StringComparison.Ordinal);
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

        await ImportCommand.RunAsync(new ImportArguments(file, null, null, Wait: true), api.System, output, CancellationToken.None);

        Assert.Equal(api.Events.Order(), api.Polled.Distinct().Order());
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

    private string KeyOf(string? user) => new ImportKeys(null).Next(ImportFile.Read(file, user));

    private Task<int> RunAsync(ScriptedImport api) =>
        ImportCommand.RunAsync(new ImportArguments(file, null, null, Wait: false), api.System, output, CancellationToken.None);
}
