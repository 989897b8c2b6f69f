using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Runner;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        Add(builder, name, null, secret, _ => Configured(builder, name)
            ?? throw new DistributedApplicationException($"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing."));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        Add(builder, name, null, secret, _ => value);

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        Add(builder, name, null, secret, _ => valueGetter());

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        Add(builder, name, value, secret, generated => Configured(builder, name)
            ?? (persist ? UserSecrets.GetOrSave(builder.AppHostAssembly, $"Parameters:{name}", generated!.GetDefaultValue) : generated!.GetDefaultValue()));

    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        return builder;
    }

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    /// <summary>The password of a server: generated once, then kept in the user secrets like every generated one.</summary>
    internal static ParameterResource Password(IDistributedApplicationBuilder builder, string resource) =>
        builder.AddParameter($"{resource}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true).Resource;

    private static string? Configured(IDistributedApplicationBuilder builder, string name) => builder.Configuration[$"Parameters:{name}"];

    private static IResourceBuilder<ParameterResource> Add(
        IDistributedApplicationBuilder builder, string name, ParameterDefault? generated, bool secret, Func<ParameterDefault?, string> value) =>
        builder.AddResource(new ParameterResource(name, value, secret) { Default = generated });
}
