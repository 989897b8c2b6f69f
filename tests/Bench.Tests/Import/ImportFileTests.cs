using System.Text;
using System.Text.Json;
using Memory.Bench.Import;
using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Import;

/// <summary>What is sent is what the file says, to the letter.</summary>
public sealed class ImportFileTests : IDisposable
{
    private const string Good = """{"user_id":"ana","content":"olá"}""";

    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("é of Latin-1", "E9")]
    [InlineData("half a character before the end of the line", "C3 0A 41")]
    [InlineData("half a character at the end of the file", "E2 82")]
    [InlineData("half of a pair", "ED A0 80")]
    [InlineData("a second way to write a slash", "C0 AF")]
    public void A_line_that_is_not_UTF8_is_named(string what, string bytes)
    {
        byte[] wrong = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        foreach (string mark in (string[])["", "\uFEFF"])
        {
            File.WriteAllBytes(file, [.. Encoding.UTF8.GetBytes($"{mark}{Good}\r\n\n{Good}\n"), .. "{\"content\":\""u8, .. wrong]);

            var failure = Assert.Throws<BenchException>(() => ImportFile.Read(file, "ben"));

            Assert.True(failure.Message.StartsWith($"Line 4 of {file} is not UTF-8: save it as UTF-8", StringComparison.Ordinal), $"{what}: {failure.Message}");
        }
    }

    [Fact]
    public void A_file_in_UTF16_is_refused()
    {
        File.WriteAllText(file, Good, Encoding.Unicode);

        Assert.StartsWith("Line 1 of ", Assert.Throws<BenchException>(() => ImportFile.Read(file, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_in_conversations_of_LoCoMo_is_named_too()
    {
        string line = """{"conv":"c","session":"S","session_time":"2024-03-01T09:00:00","turn":"D1:1","speaker":"Ada","text":"Hi"}""";
        File.WriteAllBytes(file, [.. Encoding.UTF8.GetBytes(line + "\n"), .. Encoding.Latin1.GetBytes(line.Replace("Hi", "Olá", StringComparison.Ordinal))]);

        Assert.StartsWith($"Line 2 of {file} is not UTF-8", Assert.Throws<BenchException>(() => ImportFile.Read(file, null)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"Line 2 of {file} is not UTF-8", Assert.Throws<BenchException>(() => LocomoReader.ReadTurns(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_at_the_beginning_is_no_part_of_what_is_said_but_one_further_on_is()
    {
        File.WriteAllText(file, $"\uFEFF{Good}\n\uFEFF\n");

        Assert.Equal([Good, "\uFEFF"], ImportFile.Read(file, null));
    }

    // Of the first version: under another key what is stored would be stored again.
    [Fact]
    public void A_file_has_the_key_it_always_had()
    {
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes("""{"user_id":"ana","content":"olá 👋"}""" + "\r\n\r{\"content\":\"a\u2028b\u0085c\"}\n\n" + Good));

        Assert.Equal("import-3ddadead86f9dadb4757b558b463c406-0", KeyOf(null));
        Assert.Equal("import-4b587148af6951b14779eb8c0ce061b6-0", KeyOf("ben"));
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

    [Fact]
    public void An_id_that_is_null_names_nobody()
    {
        File.WriteAllLines(file, ["""{"user_id":null,"content":"whose?"}""", """{"run_id":null,"app_id":"a","content":"an app's"}"""]);

        IReadOnlyList<string> lines = ImportFile.Read(file, "ana");

        Assert.Equal("""{"user_id":"ana","content":"whose?"}""", lines[0]);
        Assert.Equal("""{"run_id":null,"app_id":"a","content":"an app's"}""", lines[1]);
    }

    [Theory]
    [InlineData("""{"content":"one","content":"two"}""")]
    [InlineData("""{"conv":"one","conv":"two"}""")]
    [InlineData("""{"content":"half \ud83d of a wave"}""")]
    [InlineData("""{"half \ud83d of a wave":1}""")]
    [InlineData("""["content"]""")]
    [InlineData("no json")]
    public void A_line_that_is_no_message_is_left_as_it_is(string line)
    {
        File.WriteAllLines(file, [line, line]);

        Assert.Equal([line, line], ImportFile.Read(file, null));
        Assert.Equal([line, line], ImportFile.Read(file, "ana"));
    }

    private string KeyOf(string? user) => new ImportKeys(null).Next(ImportFile.Read(file, user));
}
