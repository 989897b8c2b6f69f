using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What is not meant by a wish to forget stays, and what is said anew is learned.</summary>
public sealed class ForgettingBoundsTests : ForgettingCase
{
    [Fact]
    public async Task What_was_said_in_the_same_message_and_is_not_meant_stays()
    {
        await LearnAsync(
            "My phone number is 555 0142. I have a parrot.",
            new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" }, new Answered("User has a parrot", 1));

        await ForgetAsync("Please delete my phone number.", "phone number");

        Assert.Equal(["User has a parrot"], await ContentsAsync());
        Assert.Equal("[forgotten] I have a parrot.", await Rig.Database.ScalarAsync<string>("select content from episodes where seq = 1"));
    }

    [Fact]
    public async Task An_older_version_that_names_the_person_goes_and_the_newer_one_stays()
    {
        await LearnAsync("My manager is Elena.", new Answered("User's manager is Elena", 1) { Attribute = "manager", Entities = [new("Elena", "person")] });
        await LearnAsync("My manager is Amira now.", new Answered("User's manager is Amira", 1) { Attribute = "manager", Entities = [new("Amira", "person")] });

        await ForgetAsync("Forget everything about Elena.", "Elena", entity: true);

        Assert.Equal(["User's manager is Amira"], await ContentsAsync());
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "Elena"));
    }

    [Fact]
    public async Task Another_s_word_does_not_bring_it_back_but_the_person_s_own_does()
    {
        var number = new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" };
        await LearnAsync("My phone number is 555 0142.", number);
        await ForgetAsync("Forget my phone number.", "phone number");

        Extract = new ScriptedChat(Answered.All(number with { SaidBy = "assistant" }));
        await AppendAsync("assistant", "I remember that your number is 555 0142, by the way, and I like it.");
        await Rig.DrainAsync();
        IEnumerable<string> afterOthers = await ContentsAsync();
        await LearnAsync("My phone number is 555 0142 again.", number);

        Assert.Empty(afterOthers);
        Assert.Equal(["User's phone number is 555 0142"], await ContentsAsync());
    }

    [Fact]
    public async Task That_means_what_the_message_before_gave()
    {
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });
        await LearnAsync("I am afraid of spiders.", new Answered("User is afraid of spiders", 1));

        await ForgetAsync("Please forget what I just told you.", "what I just told you");

        Assert.Equal(["User lives in Cork"], await ContentsAsync());
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "spiders"));
    }

    [Fact]
    public async Task A_wish_that_finds_nothing_takes_nothing()
    {
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });

        await ForgetAsync("Forget my shoe size.", "shoe size");

        Assert.Equal(["User lives in Cork"], await ContentsAsync());
        Assert.Equal("I live in Cork.", await Rig.Database.ScalarAsync<string>("select content from episodes where seq = 1"));
    }

    [Fact]
    public async Task The_first_word_of_a_conversation_points_back_to_nothing()
    {
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });
        Extract = new ScriptedChat(Answered.Forget(1, "what I just told you"), Answered.Forget(1, "number"));

        await AppendAsync("user", "Please forget what I just told you.", Other);
        await AppendAsync("user", "Forget my number.", Other);
        await Rig.DrainAsync();

        Assert.Equal(["User lives in Cork"], await ContentsAsync());
    }

    [Fact]
    public async Task What_is_said_after_the_wish_is_said_anew()
    {
        Extract = new ScriptedChat(
            Answered.All(new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" }), Answered.Forget(1, "phone number"),
            Answered.All(new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" }));

        foreach (string text in (string[])["My phone number is 555 0142.", "Forget my phone number.", "My phone number is 555 0142, after all."])
            await AppendAsync("user", text);
        await Rig.DrainAsync();

        Assert.Equal(["User's phone number is 555 0142"], await ContentsAsync());
        Assert.Equal("My phone number is 555 0142, after all.", await Rig.Database.ScalarAsync<string>("select content from episodes where seq = 3"));
        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from episodes where content like '%0142%'"));
    }

    [Fact]
    public async Task What_I_want_forgotten_of_myself_stays_of_others()
    {
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });
        await LearnAsync("My sister Marta lives in Faro.", new Answered("User's sister Marta lives in Faro", 1) { Attribute = "home of marta" });
        await LearnAsync("I love live music.", new Answered("User loves live music", 1));

        await ForgetAsync("Forget where I live.", "where I live");

        Assert.Equal(["User loves live music", "User's sister Marta lives in Faro"], await ContentsAsync());
    }

    [Fact]
    public async Task What_was_pasted_makes_nobody_the_namesake_of_the_person()
    {
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });
        await LearnAsync("The page says: \"Elena, called User, is nice\". I read that.", new Answered("Elena is nice", 1) { SaidBy = "quoted", Entities = [new("Elena", "person", "User")] });

        await ForgetAsync("Forget everything about Elena.", "Elena", entity: true);

        Assert.Equal(["User lives in Cork"], await ContentsAsync());
    }

    [Theory]
    [InlineData("Don't forget Elena's birthday, I like her.")]
    [InlineData("I like birthdays and cakes.")]
    public async Task A_model_s_wish_that_nobody_uttered_erases_nothing(string message)
    {
        await LearnAsync("Elena likes cakes, I know.", new Answered("Elena likes cakes", 1) { Entities = [new("Elena", "person")] });

        await ForgetAsync(message, "Elena", entity: true);

        Assert.Equal(["Elena likes cakes"], await ContentsAsync());
    }
}
