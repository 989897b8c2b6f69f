using System.Globalization;
using Memory.Bench.Cost;
using Memory.Core.Episodic;
using Memory.Testing;

namespace Memory.Bench.Hygiene;

/// <summary><c>bench hygiene</c>: what the builtin rules make of long conversations, and how much of that nobody needs.</summary>
internal static class HygieneCommand
{
    private const string Active = "select owner_id, content from memories where status = 'active' order by owner_id, created_at, id";

    internal static async Task<int> RunAsync(string directory, CancellationToken cancellationToken)
    {
        Conversation[] conversations = [.. Conversation.All(Path.Combine(directory, "conversations.jsonl")).Where(conversation => !conversation.IsBuiltIn)];
        await using CoreRig rig = await CoreRig.StartAsync();
        int messages = 0;
        foreach (Said message in conversations.SelectMany(conversation => conversation.Messages))
        {
            await message.AppendAsync(rig.Api<EpisodeLog>(), rig.Principal, cancellationToken);
            messages++;
        }

        await rig.DrainAsync();
        List<(string Owner, string Content)> memories = await rig.Database.ListAsync(Active, row => (row.GetString(0), row.GetString(1)));
        Console.WriteLine(Report(messages, MemoryHygiene.Of(memories)));
        return 0;
    }

    private static string Report(int messages, MemoryHygiene hygiene) => string.Create(CultureInfo.InvariantCulture, $"""
        messages         {messages}
        memories         {hygiene.Memories}
        exact duplicates {hygiene.Exact} ({Share(hygiene.Exact, hygiene)})
        near duplicates  {hygiene.Near.Count} ({Share(hygiene.Near.Count, hygiene)}): of one owner, at least {MemoryHygiene.NearFrom:P0} of their words, stemmed and without stop words, in common
        junk             {hygiene.Junk.Count}: greetings, questions, fragments
        {string.Join('\n', hygiene.Near.Concat(hygiene.Junk).Take(20).Select(text => $"  {text}"))}
        """);

    private static string Share(int count, MemoryHygiene hygiene) => ((double)count / Math.Max(1, hygiene.Memories)).ToString("P1", CultureInfo.InvariantCulture);
}
