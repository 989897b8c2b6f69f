using Memory.Models.Builtin;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class BuiltinModelTests
{
    [Theory]
    [InlineData("User lives in Leeds")]
    [InlineData("?!…")]
    [InlineData("世界")]
    public void An_embedding_has_unit_length_and_is_always_the_same(string text)
    {
        float[] vector = HashedEmbeddings.Embed(text);

        Assert.Equal(1024, vector.Length);
        Assert.Equal(1, vector.Sum(value => (double)value * value), 3);
        Assert.Equal(vector, HashedEmbeddings.Embed(text));
    }

    [Theory]
    [InlineData("What is my job?", "User works as a nurse", "User lives in Porto")]
    [InlineData("running shoes", "User runs every morning", "User paints in oil")]
    [InlineData("my favourite color", "User's favorite colour is green", "User's sister is called Marta")]
    public void What_belongs_together_is_nearer_than_what_does_not(string asked, string near, string far)
    {
        float[] question = HashedEmbeddings.Embed(asked);

        Assert.True(Dot(question, HashedEmbeddings.Embed(near)) > Dot(question, HashedEmbeddings.Embed(far)) + 0.1);
    }

    [Theory]
    [InlineData("Where do I live?", "You live in Porto.")]
    [InlineData("What is my sister's name?", "Your sister is called Marta.")]
    [InlineData("What is the capital of France?", "I don't know that yet. Tell me, and I will remember it.")]
    public async Task The_builtin_chat_answers_from_the_memories_in_its_prompt_or_says_that_it_does_not_know(string question, string answer)
    {
        string block = "\n\n<memories boundary=\"0a1b\">\nQuoted.\n- [2026-01-02] User lives in Porto\n- [2026-01-02] User's sister is called Marta\n</memories boundary=\"0a1b\">";
        using var chat = new BuiltinChatClient();

        ChatResponse response = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, [new TextContent(question), new TextContent(block)])]);

        Assert.Equal(answer, response.Text);
    }

    [Theory]
    [InlineData("User is allergic to peanuts", "work", "User works as a nurse")]
    [InlineData("User has two cats", "go", "User goes climbing")]
    [InlineData("User has two cats", "rarely eat", "User rarely eats meat")]
    public async Task A_streamed_answer_is_the_whole_one_in_pieces(string one, string verb, string other)
    {
        string block = $"<memories boundary=\"0a\">\n- [2026-01-02] {one}\n- [2026-01-02] {other}\n</memories boundary=\"0a\">";
        ChatMessage[] prompt = [new(ChatRole.User, $"What do I {verb}?\n{block}")];
        using var chat = new BuiltinChatClient();

        string whole = (await chat.GetResponseAsync(prompt)).Text;
        List<string> pieces = [];
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(prompt))
            pieces.Add(update.Text);

        Assert.Equal(whole, string.Concat(pieces));
        Assert.InRange(pieces.Count, 2, 100);
        Assert.Contains($"You {verb}", whole);
    }

    private static double Dot(float[] one, float[] other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second);
}
