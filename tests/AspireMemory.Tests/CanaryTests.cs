using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Memory.Testing;
using Memory.Testing.Models;
using Npgsql;

namespace AspireMemory.Tests;

/// <summary>
/// What people say, what is asked and every key: none of it leaves a service but in its regular answers, whatever a model
/// does and however much is logged.
/// </summary>
[Collection(ModelCollection.Name)]
public sealed partial class CanaryTests
{
    private const string Canary = "zqxcanary";

    private readonly ConcurrentQueue<string> _errors = [];
    private volatile bool _isHealed;

    // Each text names the fault that befalls whatever is asked about it.
    [GeneratedRegex(@"fault(?<number>\d+)")]
    private static partial Regex Ordered { get; }

    [Fact]
    public Task Nothing_leaves_the_system_on_Bedrock() => ProveAsync(new ScriptedBedrock());

    [Fact]
    public Task Nothing_leaves_the_system_on_OpenAi() => ProveAsync(new ScriptedOpenAi());

    private async Task ProveAsync(ScriptedModelServer models)
    {
        await using CanarySystem system = await CanarySystem.StartAsync(models);
        models.Script = Reply;
        await Parallel.ForAsync(0, ModelFaults.All.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await UseAsync(system, i));
        await system.UntilTriedAsync();
        _isHealed = true;
        await UseAsync(system, 0);
        await system.UntilDoneAsync();

        IReadOnlyDictionary<string, string> letOut = await system.LetOutAsync();
        Assert.True(await system.Database.ScalarAsync<long>($"select count(*) from memories where content like '%{Canary}%'") > 0);
        Assert.Contains("trce:", letOut["the console of Memory.Ingestor"], StringComparison.Ordinal);
        Assert.Contains("answered 403", letOut["errors of events"], StringComparison.Ordinal);
        Assert.Contains("trce:", letOut["the console of Chat.Agent"], StringComparison.Ordinal);
        Assert.Contains("Npgsql.Command", letOut["logs"], StringComparison.Ordinal);
        Assert.Contains("a model's choice", letOut["the audit log"], StringComparison.Ordinal);
        Assert.Contains(_errors, error => error.Contains("model-unavailable", StringComparison.Ordinal));
        Assert.Contains(_errors, error => error.Contains("model-refused", StringComparison.Ordinal));
        string[] secrets = [Canary, TestServers.ApiKey, ScriptedOpenAi.ApiKey, ScriptedBedrock.SecretKey, ScriptedBedrock.AccessKey, .. Passwords(system)];
        string[] leaks = [.. Leaks(letOut, secrets)];
        Assert.True(leaks.Length == 0, string.Join("\n\n", leaks));
    }

    /// <summary>Every place that has a secret, with what stands around it.</summary>
    private IEnumerable<string> Leaks(IReadOnlyDictionary<string, string> letOut, string[] secrets) =>
        from place in letOut.Append(new("the errors of the API and the agent", string.Join('\n', _errors)))
        from secret in secrets
        let at = place.Value.IndexOf(secret, StringComparison.OrdinalIgnoreCase)
        where at >= 0
        let start = Math.Max(0, at - 300)
        select $"In {place.Key} stands {secret}: {place.Value[start..Math.Min(place.Value.Length, at + 300)]}";

    private ModelReply Reply(ModelCall call)
    {
        FaultPlaces place = ModelFault.PlaceOf(call);
        ModelReply good = place == 0 ? new ModelReply.Say($"You asked: {call.Messages[^1].Text}") : OracleModel.Answer(call);
        // Its reasons are a model's own words, too.
        if (place.HasFlag(FaultPlaces.Reconciliation) && good is ModelReply.Say plan)
            good = new ModelReply.Say(plan.Text.Replace("\"reason\":\"", $"\"reason\":\"{Canary} ", StringComparison.Ordinal));
        Match ordered = Ordered.Match(ModelFaults.Echo(call));
        if (!ordered.Success || _isHealed)
            return good;
        ModelFault fault = ModelFaults.All[int.Parse(ordered.Groups["number"].Value, CultureInfo.InvariantCulture)];
        bool befallsAll = (fault.Places & FaultPlaces.Everywhere) == FaultPlaces.Everywhere;
        return befallsAll || (place & fault.Places) != 0 ? fault.Spoil(call, good) : good;
    }

    /// <summary>Everything a person can do, told of the canary everywhere.</summary>
    private async Task UseAsync(CanarySystem system, int fault)
    {
        var user = $"person-{fault}";
        string About() => $"{Canary}{Guid.NewGuid():N} fault{fault}";
        object said = new { role = "user", content = $"Remember this: FACT color={About()}." };
        await Task.WhenAll(
            PostAsync(system.Api, "/v3/memories/add/", new { user_id = user, messages = new[] { said }, custom_instructions = $"Mind the {About()}." }),
            PostAsync(system.Api, "/v3/memories/add/", new { user_id = user, infer = false, messages = new[] { said } }),
            PostAsync(system.Api, "/v3/memories/search/", new { query = $"Where is the {About()}?", filters = new { user_id = user } }),
            PostAsync(system.Api, "/v3/memories/search/", new { query = 7, filters = $"{About()}" }),
            PostAsync(system.Agent, "/api/chat", new { user_id = user, conversation_id = "c", message = $"Is there a {About()}?" }),
            PostAsync(system.Agent, "/api/chat/stream", new { user_id = user, conversation_id = "c", message = $"Is there a {About()}?" }));
    }

    private async Task PostAsync(HttpClient client, string path, object body)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            _errors.Enqueue(text);
        // A stream that fails late says so within itself.
        else if (text.IndexOf("event: error", StringComparison.Ordinal) is >= 0 and int at)
            _errors.Enqueue(text[at..]);
    }

    private static IEnumerable<string> Passwords(CanarySystem system) =>
        from connection in (string[])[system.Database.Owner, system.Database.Api, system.Database.Worker, system.Database.Auditor]
        let password = new NpgsqlConnectionStringBuilder(connection).Password
        where !string.IsNullOrEmpty(password)
        select password;
}
