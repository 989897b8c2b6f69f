using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

public sealed class BuiltinExtractorTests
{
    [Theory]
    [InlineData("My sister lives in Paris")]
    [InlineData("I visited my aunt who lives in Madrid")]
    [InlineData("My wife works at Google")]
    [InlineData("I met Tom, who works at Google")]
    [InlineData("I like my sister, she is a teacher")]
    [InlineData("My company's name is Acme")]
    [InlineData("My neighbour's name is Tom")]
    [InlineData("Remember that Tom lives in Rome")]
    public void What_is_said_of_others_sets_nothing_of_the_speakers(string text) =>
        Assert.All(Extract(text), fact => Assert.True(fact is { Attribute: null or not ("home" or "job" or "occupation" or "name"), Kind: not MemoryKind.Profile }, fact.ToString()));

    [Theory]
    [InlineData("I used to live in Berlin")]
    [InlineData("I never lived in Leeds")]
    [InlineData("I will move to Rome next year")]
    [InlineData("I'm moving to Rome next year")]
    [InlineData("I'm Italian")]
    [InlineData("Hi, I am British")]
    [InlineData("I'm an Italian")]
    [InlineData("My dog barks. I'm Zoe")]
    [InlineData("My birthday was great")]
    [InlineData("My job is boring")]
    [InlineData("My phone is broken")]
    [InlineData("My name is hard to spell")]
    [InlineData("My favourite colour is not green")]
    public void What_is_no_present_value_supersedes_nothing(string text) =>
        Assert.All(Extract(text), fact => Assert.Null(fact.Attribute));

    [Theory]
    [InlineData("I live in Lyon", "home")]
    [InlineData("I've just moved to Lyon", "home")]
    [InlineData("I currently live in the Netherlands", "home")]
    [InlineData("I work at Acme", "job")]
    [InlineData("I'm a software engineer", "occupation")]
    [InlineData("I am now a nurse at the county hospital", "job")]
    [InlineData("Hi, I'm Zoe", "name")]
    [InlineData("Hello! I am Ana Silva", "name")]
    [InlineData("I'm Brian", "name")]
    [InlineData("Call me Zoe", "form of address")]
    [InlineData("My name is Ana", "name")]
    [InlineData("My birthday is May 3", "birthday")]
    [InlineData("My phone number is 555 0199", "phone number")]
    [InlineData("My favorite colour is green", "favourite colour")]
    [InlineData("My email is a@b.c", "email")]
    public void A_present_value_of_the_speaker_sets_its_attribute(string text, string attribute) =>
        Assert.Equal(attribute, Assert.Single(Extract(text)).Attribute);

    [Fact]
    public void An_introduction_gives_name_home_and_health() =>
        Assert.Equal(
            ["User's name is Zoe", "User lives in Lyon", "User is allergic to peanuts"],
            Extract("I'm Zoe, I live in Lyon and I'm allergic to peanuts.").Select(fact => fact.Content));

    [Theory]
    [InlineData("I'm Zoe, a nurse from Lyon", "User's name is Zoe", "User is a nurse from Lyon")]
    [InlineData("My name is Ana and my dog is called Rex", "User's name is Ana", "User's dog is called Rex")]
    [InlineData("I love my cat and my dog", "User loves their cat and their dog")]
    public void A_sentence_falls_into_what_can_stand_alone(string text, params string[] contents) =>
        Assert.Equal(contents, Extract(text).Select(fact => fact.Content));

    [Theory]
    [InlineData("My brother is a doctor")]
    [InlineData("My brother is american")]
    [InlineData("My brother is Dutch")]
    public void Only_a_name_makes_a_person(string text) =>
        Assert.All(Extract(text), fact => Assert.Empty(fact.Relations));

    [Fact]
    public void A_named_relative_is_a_person() =>
        Assert.Equal(new NamedRelation("brother", new NamedEntity("Tom", "person")), Assert.Single(Assert.Single(Extract("My Brother is called Tom")).Relations));

    [Theory]
    [InlineData("I rarely eat meat", "User rarely eats meat")]
    [InlineData("I no longer work at Acme", "User no longer works at Acme")]
    [InlineData("I sometimes go climbing", "User sometimes goes climbing")]
    [InlineData("I definitely prefer tea", "User definitely prefers tea")]
    [InlineData("I rely on my car", "User relies on their car")]
    [InlineData("I woke at six", "User woke at six")]
    [InlineData("I wasn't born in Leeds", "User wasn't born in Leeds")]
    public void Verbs_are_conjugated_and_adverbs_are_not(string text, string content) =>
        Assert.Equal(content, Assert.Single(Extract(text)).Content);

    [Theory]
    [InlineData("I don't know")]
    [InlineData("I think so")]
    [InlineData("I'm fine, thanks")]
    [InlineData("I love it!")]
    [InlineData("I have to go now")]
    [InlineData("I want to ask you something")]
    [InlineData("I see")]
    [InlineData("I agree")]
    [InlineData("I'm not sure")]
    [InlineData("I hope so")]
    [InlineData("I'm here")]
    [InlineData("I understand")]
    [InlineData("I am going to the store")]
    public void Small_talk_of_oneself_leaves_nothing(string text) => Assert.Empty(Extract(text));

    [Theory]
    [InlineData("My goal is to run a marathon", true)]
    [InlineData("I want to learn Spanish", true)]
    [InlineData("I'm planning to move to Canada", true)]
    [InlineData("I want a coffee", false)]
    [InlineData("My sister wants to learn Spanish", false)]
    public void Only_real_goals_are_goals(string text, bool isGoal) =>
        Assert.Equal(isGoal, Assert.Single(Extract(text)).Kind == MemoryKind.Goal);

    [Fact]
    public void With_several_people_everybody_has_a_home_of_their_own()
    {
        Fact fact = Assert.Single(Extract("I live in Porto", "Ana (she) Silva"));

        Assert.Equal(("Ana (she) Silva lives in Porto", "home of Ana (she) Silva"), (fact.Content, fact.Attribute));
    }

    public static TheoryData<string, string> Floods => new()
    {
        { "hi", "!" }, { "", " " }, { "", "a" }, { "", "(" }, { "", "hi " }, { "", "I " }, { "", "\n" }, { "I'm ", "A" }, { "My ", "a-" }, { "", ", " },
        { "My name is ", "A " }, { "I live in ", "Aa of " }, { "", "hi! " }, { "", "\" " }, { "I really", " really" }, { "A", "a" }, { "hi Aa", "a," }, { "", " and my" }, { "", ", my a" },
    };

    // A bound on hanging only: it does not tell a linear pattern from a mildly quadratic one.
    [Theory]
    [MemberData(nameof(Floods))]
    public async Task A_flood_of_one_thing_is_read_all_the_same(string start, string repeated)
    {
        string flood = start + string.Concat(Enumerable.Repeat(repeated, (32_000 - start.Length) / repeated.Length)) + "x";

        await Task.Run(() => Extract(flood)).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static IReadOnlyList<Fact> Extract(string text, string? name = null)
    {
        var episode = new Episode(
            1, new EpisodeId(Guid.Empty), new EventId(Guid.Empty), null, null, null, "user", name, text, DateTimeOffset.UnixEpoch, null);
        return BuiltinExtractor.Extract(episode, Importance.Score(episode).Score);
    }
}
