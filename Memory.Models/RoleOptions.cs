using System.ComponentModel.DataAnnotations;

namespace Memory.Models;

/// <summary>One role's model and limits.</summary>
public class RoleOptions
{
    /// <summary>Whose model serves this role; null: <see cref="ModelOptions.Provider"/>.</summary>
    public string? Provider
    {
        get;
        set => field = string.IsNullOrWhiteSpace(value) ? null : value;
    }

    /// <summary>Model id, inference-profile id or ARN; null: the provider's default for the role.</summary>
    public string? Model
    {
        get;
        set => field = string.IsNullOrWhiteSpace(value) ? null : value;
    }

    /// <summary>Where this role's endpoint is not <see cref="OpenAiOptions.BaseUrl"/>; null: it is.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>
    /// Where this role's key is not <see cref="OpenAiOptions.ApiKey"/>; null: it is, unless <see cref="BaseUrl"/> is on another
    /// host than <see cref="OpenAiOptions.BaseUrl"/>, which gets no key then.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>Most tokens of an answer. Default 8192 for extract and reconcile, 1024 for chat.</summary>
    [Range(1, 100_000)]
    public int MaxOutputTokens { get; set; } = 1_024;

    /// <summary>0..2; null: the model's own, which some models insist on. Default 0 for extract and reconcile, else null.</summary>
    [Range(0.0, 2.0)]
    public float? Temperature { get; set; }

    public ResilienceOptions Resilience { get; set; } = new();
}

/// <summary>The embedding model.</summary>
public sealed class EmbedOptions : RoleOptions
{
    public EmbedOptions() => Resilience = new() { AttemptTimeoutSeconds = 10, TotalTimeoutSeconds = 30, Concurrency = 16 };

    /// <summary>Length of every vector. Default 1024. Another one needs <c>migrate reembed</c>.</summary>
    [Range(64, 4_000)]
    public int Dimensions { get; set; } = 1_024;

    /// <summary>Most texts of one request; where the endpoint takes one text each, that is one. Default 64.</summary>
    [Range(1, 2_048)]
    public int BatchTexts { get; set; } = 64;

    /// <summary>
    /// How many requests of one list of texts run at a time. Each is a call for <see cref="RoleOptions.Resilience"/>, whose
    /// concurrency bounds those of all lists together. Default 8.
    /// </summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 8;

    /// <summary>How many vectors the process keeps at hand. Default 4096: 16 MiB at 1024 dimensions.</summary>
    [Range(0, 1_000_000)]
    public int CacheEntries { get; set; } = 4_096;

    /// <summary>How long Redis keeps a vector, in minutes; 0: not at all. Default 60.</summary>
    [Range(0, 43_200)]
    public int CacheMinutes { get; set; } = 60;
}
