using Memory.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Core.Tests.Models;

public sealed class ModelOptionsTests
{
    [Theory]
    [InlineData("Provider", "bedrok", "'bedrok'", "Known: builtin, bedrock, openai")]
    [InlineData("Extract:Provider", "olama", "Memory:Models:Extract:Provider is 'olama'", "Known: builtin, bedrock, openai")]
    [InlineData("Extract:Modle", "x", "Memory:Models:Extract:Modle is no known setting", "Known: ApiKey, BaseUrl, MaxOutputTokens, Model,")]
    [InlineData("Sumarize:Model", "x", "Memory:Models:Sumarize is no known setting", "Known: Bedrock, Chat, Embed, Extract, OpenAi, Provider, Reconcile.")]
    [InlineData("Chat:Resilience:Retry", "3", "Memory:Models:Chat:Resilience:Retry is no known setting", "Retries, RetryMilliseconds,")]
    [InlineData("Chat:Resilience:Retries", "99", "Memory:Models:Chat:Resilience", "between 0 and 10")]
    [InlineData("Embed:Dimensions", "512", "Memory:Models:Embed:Dimensions is 512", "builtin-hash-1 has 1024")]
    [InlineData("Embed:Model", "titan", "'titan', which the builtin provider does not have", "Known: builtin-hash-1")]
    public async Task What_is_not_known_fails_at_start_and_says_what_is(string setting, string value, string wrong, string known)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((setting, value)));

        Assert.Contains(wrong, refused.Message, StringComparison.Ordinal);
        Assert.Contains(known, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bedrock", "extract", "global.anthropic.claude-haiku-4-5-20251001-v1:0")]
    [InlineData("bedrock", "reconcile", "global.anthropic.claude-haiku-4-5-20251001-v1:0")]
    [InlineData("bedrock", "embed", "amazon.titan-embed-text-v2:0")]
    [InlineData("openai", "chat", "gpt-4.1-mini")]
    [InlineData("openai", "embed", "text-embedding-3-small")]
    [InlineData("builtin", "embed", "builtin-hash-1")]
    public void Every_role_has_a_default_model_of_each_provider(string provider, string role, string model)
    {
        using IHost host = Build(("Provider", provider), ("OpenAi:ApiKey", "k"), ("Bedrock:Region", "eu-central-1"));

        Assert.Equal(model, host.Services.GetRequiredService<ModelIds>().Of(role));
    }

    [Fact]
    public void Each_role_may_have_a_provider_and_a_model_of_its_own()
    {
        using IHost host = Build(("Provider", "bedrock"), ("Embed:Provider", "builtin"), ("Chat:Model", "eu.amazon.nova-lite-v1:0"), ("Bedrock:Region", "eu-central-1"));

        ModelIds ids = host.Services.GetRequiredService<ModelIds>();

        Assert.Equal("builtin-hash-1", ids.Of(ModelRole.Embed));
        Assert.Equal("eu.amazon.nova-lite-v1:0", ids.Of(ModelRole.Chat));
        Assert.Equal(new EmbeddingModel("builtin-hash-1", 1024), host.Services.GetRequiredService<EmbeddingModel>());
    }

    [Fact]
    public void Without_settings_nothing_is_billed_whatever_credentials_lie_around()
    {
        using IHost host = Build(("Provider", " "));

        foreach (string role in ModelRole.All)
            Assert.Equal(ModelProvider.Builtin, host.Services.GetRequiredService<IOptions<ModelOptions>>().Value.ProviderOf(role));
        Assert.Equal("builtin", host.Services.GetRequiredKeyedService<IChatClient>(ModelRole.Chat).GetService<ChatClientMetadata>()!.ProviderName);
    }

    private static async Task StartAsync(params (string Setting, string Value)[] settings)
    {
        using IHost host = Build(settings);
        await host.StartAsync();
    }

    private static IHost Build(params (string Setting, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(one => KeyValuePair.Create($"{ModelOptions.Section}:{one.Setting}", (string?)one.Value)));
        builder.AddModels();
        return builder.Build();
    }
}
