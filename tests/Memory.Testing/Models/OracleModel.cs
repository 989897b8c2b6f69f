using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;
using Microsoft.Extensions.AI;

namespace Memory.Testing.Models;

/// <summary>
/// What a good model would answer to each of our prompts, decided by rules, so that the same conversation ends the same
/// everywhere. <c>FACT color=red</c> in a message is the fact that the user's color is red; everything else is read as the
/// builtin rules read it.
/// </summary>
public static partial class OracleModel
{
    [GeneratedRegex(@"\bFACT (?<key>\w+)=(?<value>\w+)")]
    private static partial Regex Marked { get; }

    [GeneratedRegex(@"^User's (?<key>\w+) is ")]
    private static partial Regex KeyOf { get; }

    // What is asked stands in the first message; a repair only adds to it.
    public static ModelReply Answer(ModelCall call) => call switch
    {
        { Task: ModelTask.Embed } => new ModelReply.Vectors([.. call.Texts.Select(text => Vector(text, call.Dimensions ?? HashedEmbeddings.Model.Dimensions))]),
        { Schema: "remember_facts" } => new ModelReply.Say(Extract(Lines(call.Messages[0].Text))),
        { Schema: "change_memory" } => new ModelReply.Say(Reconcile(call.Messages[0].Text)),
        _ => new ModelReply.Say(Chat(call.Messages[^1].Text)),
    };

    /// <summary>The builtin embeddings, folded to the length that is asked for.</summary>
    public static IReadOnlyList<float> Vector(string text, int dimensions)
    {
        float[] full = HashedEmbeddings.Embed(text);
        var vector = new float[dimensions];
        for (var i = 0; i < full.Length; i++)
            vector[i % dimensions] += full[i];
        float length = TensorPrimitives.Norm<float>(vector);
        return [.. vector.Select(value => value / length)];
    }

    private static string Chat(string prompt)
    {
        using var builtin = new BuiltinChatClient();
        return builtin.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)]).Result.Text;
    }

    // Of several marked facts of one key the last one holds, as if each message had come alone: a batch is folded, too.
    private static string Extract(IEnumerable<JsonElement> messages)
    {
        List<(Fact Fact, int N)> facts = [];
        foreach (JsonElement message in messages)
        {
            int n = message.GetProperty("n").GetInt32();
            foreach (Fact fact in FactsOf(message, n))
            {
                if (KeyOf.Match(fact.Content) is { Success: true } key)
                    facts.RemoveAll(older => older.Fact.Content.StartsWith(key.Value, StringComparison.Ordinal));
                facts.Add((fact, n));
            }
        }

        return new JsonObject
        {
            ["facts"] = new JsonArray([.. facts.Where(one => one.Fact.Forget is null).Select(one => Describe(one.Fact, one.N))]),
            ["forget"] = new JsonArray([.. facts.Where(one => one.Fact.Forget is not null).Select(one => Wish(one.Fact.Forget!, one.N))]),
        }.ToJsonString();
    }

    private static IEnumerable<Fact> FactsOf(JsonElement message, int n)
    {
        string text = message.GetProperty("text").GetString()!;
        var episode = new Episode(
            n, default, default, null, null, null, message.GetProperty("role").GetString()!, message.GetProperty("name").GetString(), text,
            message.GetProperty("at").GetDateTimeOffset(), null);
        return Marked.Matches(text) is { Count: > 0 } marked
            ? marked.Select(one => new Fact(
                $"User's {one.Groups["key"].Value} is {one.Groups["value"].Value}", MemoryKind.Fact, one.Groups["key"].Value, 0.9, 0.9, true, "user", [n], episode.OccurredAt))
            : BuiltinExtractor.Extract(episode, Importance.Score(episode).Score);
    }

    private static JsonObject Wish(ForgetRequest wish, int n) => new() { ["message"] = n, ["about"] = wish.About, ["entity"] = wish.IsEntity };

    private static JsonObject Describe(Fact fact, int n) => new()
    {
        ["text"] = fact.Content,
        // A summary is nothing that a message says.
        ["kind"] = fact.Kind == MemoryKind.Summary ? MemoryKind.Fact : fact.Kind,
        ["attribute"] = fact.Attribute,
        ["stage"] = fact.Stage,
        ["fixed"] = fact.IsFixed,
        ["correction"] = fact.IsCorrection,
        ["importance"] = fact.Importance,
        ["confidence"] = fact.Confidence,
        ["said_by"] = fact.Source switch { "user" => "user", "assistant" => "assistant", "tool" => "tool", _ => "quoted" },
        ["since"] = fact.ValidFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["until"] = fact.ExpiresOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["messages"] = new JsonArray(n),
        ["entities"] = new JsonArray([.. fact.Entities
            .Concat(fact.Relations.SelectMany(relation => (NamedEntity?[])[relation.Entity, relation.Subject]).OfType<NamedEntity>())
            .DistinctBy(entity => entity.Name)
            .Select(Describe)]),
        ["relations"] = new JsonArray([.. fact.Relations.Select(Describe)]),
        ["categories"] = new JsonArray([.. fact.Categories.Select(name => JsonValue.Create(name))]),
    };

    private static JsonObject Describe(NamedEntity entity) => new()
    {
        ["name"] = entity.Name,
        ["kind"] = entity.Kind,
        ["aliases"] = new JsonArray([.. entity.Aliases.Select(alias => JsonValue.Create(alias))]),
    };

    private static JsonObject Describe(NamedRelation relation) => new()
    {
        ["subject"] = relation.Subject?.Name,
        ["predicate"] = relation.Predicate,
        ["object"] = relation.Entity.Name,
        ["single"] = relation.IsSingle,
    };

    // A memory of the same attribute is out of date; the last of several facts wins, since each is newer than the one before.
    private static string Reconcile(string prompt)
    {
        string[] parts = prompt.Split("The new facts:");
        List<JsonElement> memories = [.. Lines(parts[0])];
        var operations = new JsonArray();
        foreach (JsonElement fact in Lines(parts[1]))
        {
            string? attribute = AttributeOf(fact);
            JsonElement? older = attribute is null ? null : memories.Where(memory => AttributeOf(memory) == attribute).Cast<JsonElement?>().FirstOrDefault();
            operations.Add(new JsonObject
            {
                ["fact"] = fact.GetProperty("n").GetInt32(),
                ["operation"] = older is null ? "add" : "update",
                ["memory"] = older?.GetProperty("n").GetInt32(),
                ["text"] = null,
                ["reason"] = older is null ? "new" : $"newer word on {attribute}",
            });
        }

        return new JsonObject { ["operations"] = operations }.ToJsonString();
    }

    private static string? AttributeOf(JsonElement said)
    {
        string text = said.GetProperty("text").GetString()!;
        return KeyOf.Match(text) is { Success: true } marked ? marked.Groups["key"].Value : Topic.Of(text, "User").Attribute;
    }

    private static IEnumerable<JsonElement> Lines(string prompt) =>
        prompt.Split('\n').Where(line => line.StartsWith("{\"n\":", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line));
}
