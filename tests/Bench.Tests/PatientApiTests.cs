using System.Text.Json;
using Memory.Bench.Tests.Import;

namespace Memory.Bench.Tests;

public class PatientApiTests
{
    private readonly StringWriter error = new() { NewLine = "\n" };

    [Fact]
    public async Task Each_reason_to_wait_is_said_once_whatever_numbers_it_has()
    {
        await using var api = await ScriptedImport.StartAsync(
            ScriptedImport.Busy(429, "backlog", "has waited 90 s"), ScriptedImport.Busy(429, "backlog", "has waited 91 s"),
            ScriptedImport.Busy(503, "storage-unavailable", "the database is away"), ScriptedImport.Busy(503, null, "no type here"));

        await PostAsync(api);

        Assert.Equal(
            [
                "v1/import/, lines 1 to 3: waiting, since it was answered 429: has waited 90 s",
                "v1/import/, lines 1 to 3: waiting, since it was answered 503: the database is away",
                "v1/import/, lines 1 to 3: waiting, since it was answered 503: no type here",
            ],
            error.ToString().Trim().Split('\n'));
        Assert.Single(api.Imported);
    }

    [Fact]
    public async Task Where_there_is_no_answer_that_is_said_too()
    {
        await using var api = await ScriptedImport.StartAsync(ScriptedImport.Cut);

        await PostAsync(api);

        Assert.Matches(@"^v1/import/, lines 1 to 3: no answer \(.+\); asking again\n$", error.ToString());
    }

    private async Task<JsonElement> PostAsync(ScriptedImport scripted)
    {
        using var api = new MemoryApi(scripted.System);
        using var bar = new ProgressBar("import", 3, error, visible: false);
        return await new PatientApi(api, bar).PostAsync("v1/import/", "{}"u8.ToArray(), "key", "lines 1 to 3", CancellationToken.None);
    }
}
