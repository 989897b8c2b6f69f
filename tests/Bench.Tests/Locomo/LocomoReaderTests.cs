using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Locomo;

public class LocomoReaderTests
{
    [Fact]
    public void Turns_and_questions_come_in_the_order_of_their_files()
    {
        using var folder = new LocomoFolder();

        LocomoData data = LocomoReader.Read(folder.Path);

        Assert.Equal(["D1:1", "D1:2", "D2:1", "D1:1"], data.Turns.Select(turn => turn.Id));
        Assert.Equal(new DateTime(2024, 3, 8, 18, 30, 0, DateTimeKind.Utc), data.Turns[2].SessionTime);
        Assert.Equal(["q1", "q2", "q3", "q4"], data.Questions.Select(question => question.Id));
        Assert.Equal(["D1:1", "D2:1"], data.Questions[1].Evidence);
    }

    [Fact]
    public void A_caption_is_appended_to_the_text()
    {
        using var folder = new LocomoFolder();

        Assert.Equal("Show me! [shared a picture: a dog in a boat]", LocomoReader.Read(folder.Path).Turns[1].Text);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new LocomoFolder();
        string questions = Path.Combine(folder.Path, "questions.jsonl");
        File.Delete(questions);

        var failure = Assert.Throws<BenchException>(() => LocomoReader.Read(folder.Path));

        Assert.Equal($"{questions}: no such file", failure.Message);
    }

    [Theory]
    [InlineData("{\"conv\": ")]
    [InlineData("[]")]
    [InlineData("{\"conv\": \"c1\", \"session\": \"S1\"}")]
    [InlineData("{\"conv\": \"c1\", \"session\": \"S1\", \"session_time\": \"soon\", \"turn\": \"D1:3\", \"speaker\": \"Bo\", \"text\": \"Hi\"}")]
    [InlineData("{\"conv\": 1, \"session\": \"S1\", \"session_time\": \"2024-03-01T09:00:00\", \"turn\": \"D1:3\", \"speaker\": \"Bo\", \"text\": \"Hi\"}")]
    public void A_malformed_line_is_named_by_file_and_line(string line)
    {
        using var folder = new LocomoFolder(turns: LocomoFolder.Turns + "\n" + line);

        var failure = Assert.Throws<BenchException>(() => LocomoReader.Read(folder.Path));

        Assert.StartsWith(Path.Combine(folder.Path, "conversations.jsonl:5: "), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_about_an_unknown_conversation_is_named()
    {
        using var folder = new LocomoFolder(questions: """{"conv": "c9", "qid": "q1", "question": "?", "category": "temporal", "evidence": []}""");

        var failure = Assert.Throws<BenchException>(() => LocomoReader.Read(folder.Path));

        Assert.Contains("q1 is about c9", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_named()
    {
        using var folder = new LocomoFolder(turns: "\n");

        var failure = Assert.Throws<BenchException>(() => LocomoReader.Read(folder.Path));

        Assert.EndsWith("conversations.jsonl: empty", failure.Message, StringComparison.Ordinal);
    }
}
