namespace AspireMemory.Tests;

[Collection(SystemCollection.Name)]
public sealed class TraceTests(RunningSystem system)
{
    [Fact]
    public async Task One_chat_message_is_one_trace_through_every_part_and_its_ingestion_links_to_it()
    {
        // What is late on a busy machine is left out of a turn by design: then another turn is taken.
        IReadOnlyList<CaughtSpan> ingestion = [];
        for (var turn = 1; ingestion.Count == 0 && turn <= 5; turn++)
        {
            await system.ChatAsync("mira", "traced", $"I live in Turku, and I have {turn} cats.");
            await system.MemoriesAsync("mira", atLeast: 1);
            ingestion = await system.Traces.WithinAsync(TimeSpan.FromSeconds(60), spans =>
                [.. spans.Where(span => span.Name == "ingest batch" && span.Links.Any(link => Whole(spans, link)))]);
        }

        Assert.NotEmpty(ingestion);
        string trace = ingestion[0].Links.First(link => Whole(system.Traces.Spans, link));
        Assert.NotEqual(trace, ingestion[0].Trace);
        Assert.Equal("memory-ingestor", ingestion[0].Service);
    }

    /// <summary>From the agent's request through the API down to Postgres and Redis, every span but the first with its parent.</summary>
    private static bool Whole(IReadOnlyCollection<CaughtSpan> all, string trace)
    {
        List<CaughtSpan> spans = [.. all.Where(span => span.Trace == trace)];
        return spans.Any(span => span.Service == "chat-agent" && span.Name == "POST /api/chat" && span.Parent == "")
            && spans.Any(span => span.Service == "memory-api" && span.Name == "POST /v1/context/")
            && spans.Any(span => span.Service == "memory-api" && span.Name == "POST /v1/messages/")
            && spans.Any(span => span.Service == "memory-api" && span.Name == "append messages")
            && spans.Any(span => span.Service == "memory-api" && span.Name == "search_memory")
            && spans.Any(span => span.Service == "memory-api" && span.Name is "LRANGE" or "LPUSH")
            && spans.Any(span => span.Service == "memory-api" && span.Name is "postgresql" or "memorydb")
            && spans.All(span => span.Parent == "" || spans.Any(parent => parent.Id == span.Parent));
    }
}
