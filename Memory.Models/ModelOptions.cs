using Microsoft.Extensions.Options;

namespace Memory.Models;

public sealed class ModelOptions
{
    public const string Section = "Memory:Models";

    /// <summary>
    /// Which models run, one of <see cref="ModelProvider.Known"/>. Default <c>builtin</c>: no network, no key, nothing billed;
    /// credentials that happen to lie around are never used by surprise.
    /// </summary>
    public string Provider
    {
        get;
        // A variable that is set to nothing is not set.
        set => field = string.IsNullOrWhiteSpace(value) ? ModelProvider.Builtin : value;
    } = ModelProvider.Builtin;
}

public static class ModelProvider
{
    public const string Builtin = "builtin";

    public static IReadOnlyList<string> Known { get; } = [Builtin];
}

/// <summary>Refuses an unknown provider when the host starts, and says what is known.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options) =>
        ModelProvider.Known.Contains(options.Provider)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Memory:Models:Provider is '{options.Provider}', which is no known model provider. Known: {string.Join(", ", ModelProvider.Known)}.");
}
