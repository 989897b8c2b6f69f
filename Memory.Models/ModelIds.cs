using Microsoft.Extensions.Options;

namespace Memory.Models;

/// <summary>Which model serves each role, by configuration.</summary>
public sealed class ModelIds(IOptions<ModelOptions> options)
{
    /// <param name="role">One of <see cref="ModelRole.All"/>.</param>
    public string Of(string role) => options.Value.Of(role).Model ?? DefaultModel.Of(options.Value.ProviderOf(role), role);
}
