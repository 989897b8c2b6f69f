using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Lanes;
using Memory.Core.Retrieval;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a person wants forgotten is gone everywhere.</summary>
public sealed class ForgettingTests : ForgettingCase
{
    [Fact]
    public async Task A_forgotten_number_is_nowhere_any_more()
    {
        await LearnAsync("My phone number is 555 0142.", new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" });
        await LearnAsync("I live in Cork.", new Answered("User lives in Cork", 1) { Attribute = "home" });

        await ForgetAsync("Forget my phone number, please.", "phone number");

        Assert.Equal(["User lives in Cork"], await ContentsAsync());
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "0142"));
        Assert.Empty(await RecallAsync("what is my phone number"));
    }

    [Fact]
    public async Task Older_values_and_what_others_said_of_it_go_too()
    {
        await LearnAsync("My phone number is 555 01427395.", new Answered("User's phone number is 555 01427395", 1) { Attribute = "phone number" });
        await LearnAsync("My phone number is 555 01997312 now.", new Answered("User's phone number is 555 01997312", 1) { Attribute = "phone number" });
        Extract = new ScriptedChat(Answered.All());
        await AppendAsync("assistant", "Noted. So it is no longer 555 01427395 but 555 01997312. How is the weather?");
        await Rig.DrainAsync();

        await ForgetAsync("Forget my phone number.", "phone number");

        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "01427395"));
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "01997312"));
        Assert.NotEmpty(await StoredWords.FindAsync(Rig.Database, "How is the weather?"));
    }

    [Fact]
    public async Task Everything_about_a_person_goes_with_the_person()
    {
        await LearnAsync(
            "I'm dating Elena. She is a dancer.",
            new Answered("User is dating Elena", 1) { Entities = [new("Elena", "person")], Relations = [new(null, "partner", "Elena")] },
            new Answered("Elena is a dancer", 1) { Entities = [new("Elena", "person")] });
        await LearnAsync("Elena and I went skiing in Andorra.", new Answered("User went skiing in Andorra with Elena", 1) { Entities = [new("Elena", "person"), new("Andorra", "place")] });
        await LearnAsync("My mum is called Ruth.", new Answered("User's mother is called Ruth", 1) { Entities = [new("Ruth", "person")] });

        await ForgetAsync("We broke up. Delete everything you know about Elena.", "Elena", entity: true);

        Assert.Equal(["User's mother is called Ruth"], await ContentsAsync());
        foreach (string word in (string[])["Elena", "dancer", "Andorra"])
            Assert.Empty(await StoredWords.FindAsync(Rig.Database, word));
        Assert.Equal(["Ruth"], await Rig.Database.ListAsync("select name from entities", row => row.GetString(0)));
    }

    [Fact]
    public async Task The_audit_says_that_something_was_forgotten_and_not_what()
    {
        await LearnAsync("My phone number is 555 0142.", new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" });

        EventId id = await ForgetAsync("Forget my phone number.", "phone number");

        string detail = await Rig.Database.ScalarAsync<string>("select detail::text from audit where action = 'forget'");
        Assert.Equal(1, JsonDocument.Parse(detail).RootElement.GetProperty("memories").GetInt32());
        IngestionEvent done = await Rig.Api<IngestionEventLog>().GetAsync(Rig.Principal, id, CancellationToken.None);
        Assert.Equal([("DELETE", "[forgotten]", (string?)null)], done.Results.Select(result => (result.Operation, result.Content, result.Previous)));
    }

    [Fact]
    public async Task The_window_of_the_conversation_no_longer_has_the_words()
    {
        await LearnAsync("My phone number is 555 0142.", new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" });
        await ForgetAsync("Forget my phone number.", "phone number");

        Recall recall = await Rig.Api<RecallPipeline>().RecallAsync(
            Rig.Principal, new RecallRequest(Alice, "hello", 5, Turns: true, Conversation: "talk"), CancellationToken.None);

        Assert.NotEmpty(recall.Window);
        Assert.DoesNotContain(recall.Window, turn => turn.Content.Contains("0142", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_remembered_nowhere_but_was_said_goes_as_well()
    {
        Extract = new ScriptedChat(Answered.All());
        await AppendAsync("user", "I told you, my locker code is 4711, remember?");
        await Rig.DrainAsync();

        await ForgetAsync("Forget my locker code.", "locker code");

        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "4711"));
    }

    [Fact]
    public async Task A_fact_and_its_wish_in_one_message_leave_nothing()
    {
        Extract = new ScriptedChat(Answered.AllAndForget(
            "phone number", new Answered("User's phone number is 555 0142", 1) { Attribute = "phone number" }, new Answered("User has a parrot", 1)));

        await AppendAsync("user", "My phone number is 555 0142. I have a parrot. Actually, forget my phone number.");
        await Rig.DrainAsync();

        Assert.Equal(["User has a parrot"], await ContentsAsync());
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "0142"));
    }

    [Fact]
    public async Task What_closed_or_changed_another_memory_leaves_no_words_with_it()
    {
        await LearnAsync("My manager is Colin.", new Answered("User's manager is Colin", 1) { Attribute = "manager" });
        await LearnAsync("My manager is Elena now.", new Answered("User's manager is Elena", 1) { Attribute = "manager", Entities = [new("Elena", "person")] });
        await LearnAsync("My manager is Amira now.", new Answered("User's manager is Amira", 1) { Attribute = "manager" });

        await ForgetAsync("Forget everything about Elena.", "Elena", entity: true);

        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "Elena"));
        Assert.Empty((await Rig.Worker<Rebuild>().RunAsync(new Lane(Rig.Principal.Project, Alice.Owner), false, false, CancellationToken.None)).Difference);
    }

    [Fact]
    public async Task The_assistant_s_answer_of_one_word_goes_with_what_it_answers()
    {
        await LearnAsync("I am a vegetarian.", new Answered("User is vegetarian", 1) { Attribute = "diet" });
        Extract = new ScriptedChat(Answered.All());
        await AppendAsync("assistant", "Noted, vegetarian. Anything else I can do?");
        await Rig.DrainAsync();

        await ForgetAsync("Forget my diet, please.", "diet");

        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "vegetarian"));
        Assert.NotEmpty(await StoredWords.FindAsync(Rig.Database, "Anything else I can do?"));
    }

    [Fact]
    public async Task A_word_more_than_the_memory_has_is_no_reason_to_keep_it()
    {
        await LearnAsync("My email is kim@example.org.", new Answered("User's email is kim@example.org", 1) { Attribute = "email" });

        await ForgetAsync("Please delete my email address from your memory.", "email address");

        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "kim@example.org"));
    }
}
