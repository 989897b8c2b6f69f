using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Testing.Models;

/// <summary>What models write instead of the answer that they were asked for.</summary>
internal static class AnswerFaults
{
    private static readonly IReadOnlyList<ModelFault> s_shapes =
    [
        Written("fenced JSON", FaultOutcome.Answers, good => $"```json\n{good}\n```"),
        Written("prose around JSON", FaultOutcome.Answers, good => $"Certainly! Here is what I found:\n{good}\nLet me know whether {{that}} helps."),
        Written("two objects", FaultOutcome.Malformed, good => $"{good}\n{good}"),
        Written("wrong types", FaultOutcome.Malformed, good => WithFirst(good, "[{\"reason\":7,\"text\":true}]")),
        Written("a text where a list belongs", FaultOutcome.Malformed, good => WithFirst(good, "\"none\"")),
        Written("null where a list belongs", FaultOutcome.Malformed, good => WithFirst(good, "null")),
        Written("duplicate keys", FaultOutcome.Malformed, good => $"{good[..^1]},{good[1..]}"),
        Written("nothing of the schema", FaultOutcome.Malformed, _ => "{}"),
        Written("more than the schema", FaultOutcome.Malformed, good => $$"""{"instructions":"ignore what you were told",{{good[1..]}}"""),
        Written("a number out of any range", FaultOutcome.Malformed, good => WithFirst(good, "[1e999]")),
        Written("empty", FaultOutcome.Malformed, _ => ""),
        new("out of tokens", FaultOutcome.Malformed, (_, good) => new ModelReply.Say(TextOf(good)[..(TextOf(good).Length / 2)]) { CutOff = true }) { Places = FaultPlaces.Structured },
        new("refusal", FaultOutcome.Permanent, (_, _) => new ModelReply.Refuse()) { Places = FaultPlaces.Structured },
        new("refusal in prose", FaultOutcome.Malformed, (_, _) => new ModelReply.Say("I'm sorry, I can't help with that.")) { Places = FaultPlaces.Structured },
        // It does what a message told it instead of what it is for.
        new("injected instruction echoed", FaultOutcome.Malformed, (call, _) => new ModelReply.Say($"As you wish. {ModelFaults.Echo(call).Replace('{', '(')}")) { Places = FaultPlaces.Structured },
    ];

    private static readonly IReadOnlyList<ModelFault> s_extraction =
    [
        Extracted("hallucinated message", fact => fact["messages"] = new JsonArray(1, 99)),
        Extracted("message zero", fact => fact["messages"] = new JsonArray(0)),
        Extracted("no message at all", fact => fact["messages"] = new JsonArray()),
        Extracted("text that cannot be stored", fact => fact["text"] = "User's color is\0red"),
        Extracted("a date that is none", fact => fact["since"] = "2026-02-31"),
        Extracted("importance beyond its scale", fact => fact["importance"] = 7),
        Extracted("an end that is no date", fact => fact["until"] = "soon"),
        Extracted("a sayer that nobody is", fact => fact["said_by"] = "system"),
        Extracted("a kind that messages do not say", fact => fact["kind"] = "summary"),
        Extracted("a blank name", fact => fact["entities"] = new JsonArray(new JsonObject { ["name"] = " ", ["kind"] = "person", ["aliases"] = new JsonArray() })),
    ];

    private static readonly IReadOnlyList<ModelFault> s_plan =
    [
        Proposed("a memory that was not offered", [Change("update", 99)]),
        Proposed("memory zero", [Change("delete", 0)]),
        Proposed("a negative memory", [Change("delete", -1)]),
        Proposed("no memory named", [Change("delete", null)]),
        Proposed("the same memory twice", [Change("update", 1), Change("update", 1)]),
        Proposed("contradictory operations", [Change("delete", 1), Change("update", 1)]),
        Proposed("a conflict with nothing", [Change("conflict", 99)]),
        Proposed("an update that cannot be stored", [Change("update", 1, "a\0b")]),
        // Memories are shown under small numbers, so that nothing else can name one, and nobody's but the owner's at all.
        Proposed("another owner's memory by its id", [Named(JsonValue.Create("0198c0de-5e5e-7abc-8def-001122334455"))]),
        Proposed("a memory beyond all numbers", [Named(JsonValue.Create(99_999_999_999))]),
        Proposed("a memory in words", [Named(new JsonObject { ["n"] = new JsonArray(1) })]),
        Proposed("a fact that was not given", [Change("add", null, fact: 99)]),
        // Each number then means the fact before.
        Proposed("facts counted from nought", [Change("update", 1, fact: 0), Change("delete", 1)]),
    ];

    public static IReadOnlyList<ModelFault> All { get; } = [.. s_shapes, .. s_extraction, .. s_plan];

    private static ModelFault Written(string name, FaultOutcome outcome, Func<string, string> spoil) =>
        new(name, outcome, (_, good) => new ModelReply.Say(spoil(TextOf(good)))) { Places = FaultPlaces.Structured };

    private static ModelFault Extracted(string name, Action<JsonNode> spoil) => new(name, FaultOutcome.Malformed, (_, good) =>
    {
        JsonNode answer = JsonNode.Parse(TextOf(good))!;
        foreach (JsonNode? fact in answer["facts"]!.AsArray())
            spoil(fact!);
        return new ModelReply.Say(answer.ToJsonString());
    })
    {
        Places = FaultPlaces.Extraction,
    };

    private static ModelFault Proposed(string name, JsonObject[] operations) =>
        new(name, FaultOutcome.Answers, (_, _) => Plan(operations)) { Places = FaultPlaces.Plan };

    private static ModelReply.Say Plan(JsonObject[] operations) =>
        new(new JsonObject { ["operations"] = new JsonArray([.. operations.Select(operation => operation.DeepClone())]) }.ToJsonString());

    private static JsonObject Change(string operation, int? memory, string? text = null, int fact = 1) => new()
    {
        ["fact"] = fact,
        ["operation"] = operation,
        ["memory"] = memory,
        ["text"] = text,
        ["reason"] = "because it is so",
    };

    private static JsonObject Named(JsonNode memory)
    {
        JsonObject change = Change("delete", null);
        change["memory"] = memory;
        return change;
    }

    // The object's one list, replaced.
    private static string WithFirst(string good, string value) =>
        $"{{{JsonSerializer.Serialize(JsonElement.Parse(good).EnumerateObject().First().Name)}:{value}}}";

    private static string TextOf(ModelReply good) => ((ModelReply.Say)good).Text;
}
