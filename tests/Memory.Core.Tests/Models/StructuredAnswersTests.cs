using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class StructuredAnswersTests
{
    private const string Good = """{"name":"Ana","age":31,"mood":"very_happy","note":null}""";

    private static readonly AnswerFormat<Person> s_format = new("describe_person", "Describes a person.", person => person.Age < 200 ? null : "age is below 200.");

    [Theory]
    [InlineData(Good)]
    [InlineData("```json\n" + Good + "\n```")]
    [InlineData("```\n" + Good + "\n```\nHope that helps!")]
    [InlineData("Sure! Here you go: " + Good + " Anything {else}?")]
    [InlineData("\uFEFF  \n" + Good + "}")]
    public async Task Fences_and_prose_around_an_answer_are_tolerated(string answer)
    {
        using var model = new ScriptedChat(answer);

        Person person = await model.AskAsync([new ChatMessage(ChatRole.User, "Who?")], s_format, CancellationToken.None);

        Assert.Equal(new Person("Ana", 31, Mood.VeryHappy, null), person);
        Assert.Single(model.Prompts);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("I cannot help with that.", "is no JSON")]
    [InlineData("[1, 2]", "is no JSON")]
    [InlineData(Good + Good, "has several JSON objects")]
    [InlineData("""{"name":"Ana","age":31,"mood":"very_hap""", "is cut off")]
    [InlineData("""{"name":"Ana","age":"31","mood":"very_happy","note":null}""", "does not follow its schema")]
    [InlineData("""{"name":null,"age":31,"mood":"very_happy","note":null}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":31,"mood":"curious","note":null}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":31,"mood":1,"note":null}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":31,"mood":"very_happy"}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":31,"mood":"very_happy","note":null,"x":1}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","name":"Eve","age":31,"mood":"very_happy","note":null}""", "does not follow its schema")]
    [InlineData("""{"Name":"Ana","age":31,"mood":"very_happy","note":null}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":1e999,"mood":"very_happy","note":null}""", "does not follow its schema")]
    [InlineData("""{"name":"Ana","age":999,"mood":"very_happy","note":null}""", "breaks a rule")]
    [InlineData("""{"name":"\ud800","age":31,"mood":"very_happy","note":null}""", "does not follow its schema")]
    public async Task An_answer_that_cannot_be_used_twice_is_malformed_never_empty(string answer, string said)
    {
        using var model = new ScriptedChat(answer, answer);

        var malformed = await Assert.ThrowsAsync<ModelException.Malformed>(
            () => model.AskAsync([new ChatMessage(ChatRole.User, "Who?")], s_format, CancellationToken.None));

        Assert.Contains($"'describe_person' {said}", malformed.Message, StringComparison.Ordinal);
        Assert.Equal(2, model.Prompts.Count);
    }

    [Fact]
    public async Task One_repair_shows_the_model_what_was_wrong_with_its_answer()
    {
        using var model = new ScriptedChat("""{"name":"Ana","age":"x","mood":"very_happy","note":null}""", Good);

        Person person = await model.AskAsync([new ChatMessage(ChatRole.System, "Rules"), new ChatMessage(ChatRole.User, "Who?")], s_format, CancellationToken.None);

        Assert.Equal("Ana", person.Name);
        IReadOnlyList<ChatMessage> repair = model.Prompts[1];
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User], repair.Select(message => message.Role));
        Assert.Contains("\"age\":\"x\"", repair[2].Text, StringComparison.Ordinal);
        Assert.Contains("$.age", repair[3].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"number\":2}", 2)]
    [InlineData("{\"number\":9}", 9)]
    [InlineData("I will not", 0)]
    public async Task What_could_be_better_is_asked_for_once_and_then_taken_as_it_is(string second, int taken)
    {
        var format = new AnswerFormat<Choice>("choose", "Chooses.", advice: choice => choice.Number is 1 or 2 ? null : "They are 1 and 2.");
        using var model = new ScriptedChat("{\"number\":0}", second);

        Choice choice = await model.AskAsync([new ChatMessage(ChatRole.User, "Which?")], format, CancellationToken.None);

        Assert.Equal(taken, choice.Number);
        Assert.Contains("They are 1 and 2.", model.Prompts[1][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_says_nothing_of_what_the_model_said()
    {
        using var model = new ScriptedChat("""{"secret-of-ann":1}""", """{"name":"secret-of-ann","age":true}""");

        var malformed = await Assert.ThrowsAsync<ModelException.Malformed>(
            () => model.AskAsync([new ChatMessage(ChatRole.User, "Who?")], s_format, CancellationToken.None));

        Assert.DoesNotContain("secret-of-ann", malformed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_permanent_and_not_asked_again()
    {
        using var model = new ScriptedChat("I will not.") { FinishReason = ChatFinishReason.ContentFilter };

        await Assert.ThrowsAsync<ModelException.Permanent>(() => model.AskAsync([new ChatMessage(ChatRole.User, "Who?")], s_format, CancellationToken.None));

        Assert.Single(model.Prompts);
    }

    [Fact]
    public void An_answer_cut_off_anywhere_is_no_answer()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            Assert.Null(s_format.Parse(Good[..length], out AnswerProblem? problem));
            Assert.NotNull(problem);
        }
    }

    [Fact]
    public void Nesting_without_end_is_no_answer() =>
        Assert.Null(s_format.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 40_000)), out _));

    [Fact]
    public void The_schema_demands_every_property_and_allows_no_other()
    {
        JsonElement schema = ((ChatResponseFormatJson)s_format.ResponseFormat).Schema!.Value;

        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(["name", "age", "mood", "note"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        JsonElement properties = schema.GetProperty("properties");
        Assert.Equal("First name.", properties.GetProperty("name").GetProperty("description").GetString());
        Assert.Equal(["sad", "very_happy"], properties.GetProperty("mood").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["string", "null"], properties.GetProperty("note").GetProperty("type").EnumerateArray().Select(type => type.GetString()));
    }

    [Theory]
    [InlineData("""{"names":[null]}""")]
    [InlineData("""{"names":["Ana",null]}""")]
    public void A_list_that_holds_nothing_in_some_place_is_no_answer(string answer)
    {
        Assert.Null(new AnswerFormat<Team>("describe_team", "Describes a team.", team => team.Names[0].Length > 0 ? null : "blank").Parse(answer, out AnswerProblem? problem));
        Assert.Equal("does not follow its schema", problem?.Kind);
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("-1", -1)]
    [InlineData("null", null)]
    [InlineData("\"2\"", 2)]
    [InlineData("\"2nd\"", 0)]
    [InlineData("\"0198c0de-5e5e-7abc-8def-001122334455\"", 0)]
    [InlineData("99999999999", 0)]
    [InlineData("1.5", 0)]
    [InlineData("1e999", 0)]
    [InlineData("true", 0)]
    [InlineData("[1]", 0)]
    [InlineData("{\"n\":1}", 0)]
    public void What_is_no_number_of_anything_that_was_offered_spoils_no_answer(string number, int? read)
    {
        var format = new AnswerFormat<Choice>("choose", "Chooses.");

        Assert.Equal(read, format.Parse($$"""{"number":{{number}}}""", out AnswerProblem? problem)?.Number);
        Assert.Null(problem);
    }

    [Fact]
    public void Its_schema_still_says_a_whole_number_or_null()
    {
        JsonElement number = ((ChatResponseFormatJson)new AnswerFormat<Choice>("choose", "Chooses.").ResponseFormat).Schema!.Value.GetProperty("properties").GetProperty("number");

        Assert.Equal(["integer", "null"], number.GetProperty("type").EnumerateArray().Select(type => type.GetString()));
        Assert.Equal("Which.", number.GetProperty("description").GetString());
    }

    internal sealed record Choice([property: JsonConverter(typeof(OfferedNumber))][Description("Which.")] int? Number);

    internal sealed record Team(IReadOnlyList<string> Names);

    internal sealed record Person([Description("First name.")] string Name, int Age, Mood Mood, string? Note);

    internal enum Mood
    {
        Sad,
        VeryHappy,
    }
}
