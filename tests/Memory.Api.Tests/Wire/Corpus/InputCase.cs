using System.Text;

namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>
/// A request that somebody may send, and the one outcome it has. In path and body USER stands for a user of its own, MEMORY for
/// one of that user's memories.
/// </summary>
internal sealed record InputCase(string What, string Method, string Path, byte[] Body, Outcome Outcome)
{
    internal string? ContentType { get; init; } = "application/json";

    internal InputCase(string what, string method, string path, string body, Outcome outcome)
        : this(what, method, path, Encoding.UTF8.GetBytes(body), outcome)
    {
    }

    public override string ToString() => $"{What}: {Method} {Path} {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 300)))}";
}

/// <summary>What becomes of a request: there is no third way, and no silent one.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Refused with this status and this code, and nothing is stored.</summary>
    internal sealed record Refused(int Status, string Code) : Outcome;

    /// <summary>Done, and this is what is kept, to the letter.</summary>
    /// <param name="Where">Where it is looked for.</param>
    internal sealed record Kept(Place Where, string Text) : Outcome;

    /// <summary>Answered: it only asks.</summary>
    internal sealed record Answered : Outcome;

    internal static readonly Outcome Input = new Refused(400, "invalid-input");
    internal static readonly Outcome Json = new Refused(400, "invalid-json");
    internal static readonly Outcome NoBody = new Refused(400, "bad-request");
    internal static readonly Outcome Ok = new Answered();
}

/// <summary>Where something is kept.</summary>
internal enum Place
{
    /// <summary>The text of the user's newest memory.</summary>
    Memory,

    /// <summary>The value under <c>k</c> of that memory's metadata, as JSON.</summary>
    Metadata,

    /// <summary>The user's newest verbatim message.</summary>
    Message,

    /// <summary>A memory under this user id.</summary>
    Owner,
}

/// <summary>A route with a body that it takes.</summary>
/// <param name="Broken">How a body that is no JSON is refused.</param>
internal sealed record BodyRoute(string Method, string Path, string Body, Outcome Broken)
{
    /// <summary>What becomes of its body.</summary>
    internal Outcome Taken { get; init; } = Outcome.Ok;

    internal static readonly BodyRoute Add = new("POST", "/v3/memories/add/", """{"user_id":"USER","infer":false,"messages":[{"role":"user","content":"User sings"}]}""", Outcome.Json);
    internal static readonly BodyRoute Append = new("POST", "/v1/messages/", """{"scope":{"user_id":"USER"},"messages":[{"role":"user","content":"I sing."}]}""", Outcome.Json);
    internal static readonly BodyRoute Import = new("POST", "/v1/import/", """{"user_id":"USER","role":"user","content":"I sing."}""", Outcome.Input);
    internal static readonly BodyRoute Put = new("PUT", "/v1/memories/MEMORY/", """{"text":"User hums"}""", Outcome.Json);
    internal static readonly BodyRoute Search = new("POST", "/v3/memories/search/", """{"query":"song","filters":{"user_id":"USER"}}""", Outcome.Json);
    internal static readonly BodyRoute List = new("POST", "/v3/memories/", """{"filters":{"user_id":"USER"}}""", Outcome.Json);
    internal static readonly BodyRoute Recall = new("POST", "/v1/recall/", """{"scope":{"user_id":"USER"},"query":"song"}""", Outcome.Json);
    internal static readonly BodyRoute Context = new("POST", "/v1/context/", """{"scope":{"user_id":"USER"},"query":"song"}""", Outcome.Json);
    internal static readonly BodyRoute Forget = new("POST", "/v1/forget/", """{"user_id":"USER","about":"phone number","preview":true}""", Outcome.Json);
    internal static readonly BodyRoute Summary = new("POST", "/v1/summaries/", """{"user_id":"USER","run_id":"talk"}""", Outcome.Json) { Taken = new Outcome.Refused(404, "not-found") };
    internal static readonly BodyRoute Rollback = new("POST", "/v1/memories/MEMORY/rollback/", """{"version":1}""", Outcome.Json);
    internal static readonly BodyRoute Distilling = new("PUT", "/v1/project/distilling/", """{"custom_instructions":null}""", Outcome.Json);
    internal static readonly BodyRoute Key = new("POST", "/v1/keys/", """{"label":"of the corpus","scopes":["read"]}""", Outcome.Json);

    internal static readonly BodyRoute[] All = [Add, Append, Import, Put, Search, List, Recall, Context, Forget, Summary, Rollback, Distilling, Key];

    internal InputCase With(string what, string body, Outcome outcome) => new(what, Method, Path, body, outcome);
}
