using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>However a conversation is cut into batches, and wherever a worker dies, the same memory comes of it.</summary>
public sealed class BatchInvarianceTests : IAsyncLifetime
{
    private const int Messages = 14;

    private static readonly DateTimeOffset s_start = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    // What supersedes, repeats, contradicts, goes forward and is taken back: in any order.
    private static readonly string[] s_said =
    [
        "I live in Porto.", "I moved to Braga last week.", "I live in Porto again.", "Sorry, actually I live in Faro.", "i LIVE in porto!!",
        "My birthday is on 3 May.", "My birthday is on 5 May.", "I work as a nurse.", "I got a new job. I work at Hillside Library now.",
        "I love coffee.", "I don't like coffee any more.", "I like coffee again.", "My goal is to run 5 km.", "My new goal is to run 10 km.",
        "I heard about beekeeping.", "I read a book about beekeeping.", "I keep bees now, beekeeping every weekend.", "I gave up beekeeping.",
        "My manager is Colin.", "My manager is Amira now.", "My sister Rosa lives in Madrid.", "Rosa works at a hospital.",
        "My phone number is 555 0142.", "Forget my phone number, please.", "My phone number is 555 0177.", "I weigh 82 kg.", "I weigh 79 kg now.",
        "I still need to call the bank.", "I called the bank.", "What is the weather like?", "Haha, thanks!", "Always answer in short sentences.",
        "Forget everything about Rosa.", "I have a dog called Biscuit.", "I have a dog called Biscuit!", "My piano lesson is on Tuesday.",
        "Sorry, my piano lesson is on Thursday.", "I went to the dentist yesterday.", "If I lived in Paris, I would eat croissants.",
    ];

    private const string Image = """
        select coalesce(string_agg(line, E'\n' order by line), '')
          from (select concat_ws(' | ', m.status, m.kind, m.attribute, m.content, m.stage, round(m.confidence::numeric, 4), round(m.importance::numeric, 4),
                                 m.trusted, m.valid_from, m.expires_on, m.updated_at,
                                 (select string_agg(concat_ws('>', v.change, v.content, v.valid_from, v.valid_to, v.source_seqs::text), ' ' order by v.version)
                                    from memory_versions v where v.owner_id = m.owner_id and v.memory_id = m.id),
                                 (select string_agg(o.content, ',' order by o.content)
                                    from conflicts c
                                    join memories o on o.owner_id = c.owner_id and o.id = case m.id when c.memory_a then c.memory_b else c.memory_a end
                                   where c.owner_id = m.owner_id and c.resolved_at is null and m.id in (c.memory_a, c.memory_b))) as line
                  from memories m
                 where m.owner_id = $1
                union all
                select concat_ws(' | ', 'relation', s.name, r.predicate, o.name, r.known_to is null)
                  from relations r
                  join entities o on o.owner_id = r.owner_id and o.id = r.object_id
                  left join entities s on s.owner_id = r.owner_id and s.id = r.subject_id
                 where r.owner_id = $1
                union all
                select concat_ws(' | ', 'episode', e.seq, e.content)
                  from episodes e
                 where e.owner_id = $1) lines
        """;

    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task One_batch_batches_of_one_and_a_crash_in_between_leave_the_same(int seed)
    {
        var random = new Random(seed);
        List<NewMessage> said = [.. Enumerable.Range(0, Messages).Select(n => new NewMessage("user", s_said[random.Next(s_said.Length)], At: s_start.AddDays(n)))];

        string whole = await IngestAsync($"whole{seed}", said, () => Messages, crash: false);
        string single = await IngestAsync($"single{seed}", said, () => 1, crash: false);
        string broken = await IngestAsync($"broken{seed}", said, () => random.Next(1, 5), crash: true);

        Assert.NotEqual("", whole);
        Assert.Equal(whole, single);
        Assert.Equal(whole, broken);
    }

    private async Task<string> IngestAsync(string user, List<NewMessage> said, Func<int> size, bool crash)
    {
        for (var at = 0; at < said.Count;)
        {
            int count = Math.Min(size(), said.Count - at);
            await _rig.Api<EpisodeLog>().AppendAsync(
                _rig.Principal, MemoryScope.Create(userId: user), said[at..(at + count)], IngestionRequest.Plain, CancellationToken.None);
            at += count;
            if (crash)
                await DieAsync();
            await _rig.DrainAsync();
        }

        return await _rig.Database.ScalarAsync<string>(Image, user);
    }

    // A worker that has read its batch and is never heard of again.
    private async Task DieAsync()
    {
        await _rig.Database.ExecuteAsync("update lanes set ready_at = now()");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
    }
}
