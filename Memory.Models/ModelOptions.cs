using System.ComponentModel.DataAnnotations;

namespace Memory.Models;

/// <summary>Which models run, and how. The known settings are the properties here and below; any other fails at start.</summary>
public sealed class ModelOptions
{
    public const string Section = "Memory:Models";

    /// <summary>
    /// Whose models run, one of <see cref="ModelProvider.Known"/>. Default <c>builtin</c>: no network, no key, nothing billed;
    /// credentials that happen to lie around are never used by surprise.
    /// </summary>
    public string Provider
    {
        get;
        // A variable that is set to nothing is not set.
        set => field = string.IsNullOrWhiteSpace(value) ? ModelProvider.Builtin : value;
    } = ModelProvider.Builtin;

    public BedrockOptions Bedrock { get; set; } = new();

    public OpenAiOptions OpenAi { get; set; } = new();

    public RoleOptions Extract { get; set; } = new() { MaxOutputTokens = 8_192, Temperature = 0 };

    public RoleOptions Reconcile { get; set; } = new() { MaxOutputTokens = 8_192, Temperature = 0 };

    public RoleOptions Chat { get; set; } = new();

    public EmbedOptions Embed { get; set; } = new();

    /// <param name="role">One of <see cref="ModelRole.All"/>.</param>
    public RoleOptions Of(string role) => role switch
    {
        ModelRole.Extract => Extract,
        ModelRole.Reconcile => Reconcile,
        ModelRole.Chat => Chat,
        ModelRole.Embed => Embed,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role of a model."),
    };

    /// <summary>Whose model serves a role: its own, else <see cref="Provider"/>.</summary>
    public string ProviderOf(string role) => Of(role).Provider ?? Provider;
}

/// <summary>Amazon Bedrock. Credentials and, unless it is set here, the region come from the AWS SDK's default chain.</summary>
public sealed class BedrockOptions
{
    /// <summary>Region system name such as <c>eu-central-1</c>; null: the default chain's.</summary>
    public string? Region { get; set; }

    /// <summary>Another endpoint than the region's: a VPC endpoint, a proxy, a test server. Null: the region's.</summary>
    public Uri? ServiceUrl { get; set; }

    /// <summary>
    /// From how many tokens on the unchanging front of a prompt gets a cache point; 0: never. Default 4096, the least that
    /// Claude Haiku 4.5 caches (AWS, Bedrock user guide, prompt caching).
    /// </summary>
    [Range(0, 1_000_000)]
    public int CacheFromTokens { get; set; } = 4_096;

    /// <summary>
    /// Whether the call of a tool is forced where an answer has to have a form. Default true; false for models that refuse it
    /// (AWS: only Claude 3 and later and Nova take the choice of one tool): they are asked in words.
    /// </summary>
    public bool ForceTool { get; set; } = true;
}

/// <summary>Any endpoint that speaks OpenAI's protocol.</summary>
public sealed class OpenAiOptions
{
    /// <summary>Up to and including the version, as in <c>http://127.0.0.1:11434/v1</c>. Null: OpenAI's own.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Null where the endpoint wants none, as local ones do.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How structured answers are asked for. Default <see cref="StructuredBy.Schema"/>.</summary>
    public StructuredBy StructuredBy { get; set; }
}

public enum StructuredBy
{
    /// <summary><c>response_format</c> with a JSON schema, strict.</summary>
    Schema,

    /// <summary>A forced tool call, for endpoints that know no schemas.</summary>
    Tool,
}

public static class ModelProvider
{
    public const string Builtin = "builtin";
    public const string Bedrock = "bedrock";
    public const string OpenAi = "openai";

    public static IReadOnlyList<string> Known { get; } = [Builtin, Bedrock, OpenAi];
}
