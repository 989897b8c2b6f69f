using Amazon.BedrockRuntime;
using Memory.Models.Bedrock;
using Memory.Models.Builtin;
using Memory.Models.Metering;
using Memory.Models.OpenAi;
using Memory.Models.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Models;

/// <summary>Makes the client of each role: the provider's, measured a request at a time, behind the role's resilience.</summary>
internal sealed class ModelFactory(IOptions<ModelOptions> settings, ModelIds ids, TimeProvider time) : IDisposable
{
    private readonly ModelOptions _options = settings.Value;
    private readonly Lazy<AmazonBedrockRuntimeClient> _bedrock = new(() => BedrockConnection.Open(settings.Value.Bedrock));

    internal EmbeddingModel EmbeddingModel => new(ids.Of(ModelRole.Embed), _options.Embed.Dimensions);

    /// <exception cref="OptionsValidationException">The provider cannot be reached with these settings.</exception>
    internal IChatClient Chat(string role)
    {
        RoleOptions limits = _options.Of(role);
        string model = ids.Of(role);
        return _options.ProviderOf(role) switch
        {
            ModelProvider.Bedrock => Guarded(role, new BedrockChatClient(_bedrock.Value, model, limits, _options.Bedrock), limits.Resilience, time),
            ModelProvider.OpenAi => Guarded(
                role,
                new OpenAiChatClient(new OpenAiChatModel(model, OpenAiEndpoint.Of(role, limits, _options.OpenAi), limits, _options.OpenAi.StructuredBy)),
                limits.Resilience, time),
            // Nothing is billed and nothing can be away.
            _ => new BuiltinChatClient(),
        };
    }

    /// <exception cref="OptionsValidationException">The provider cannot be reached with these settings.</exception>
    internal IEmbeddingGenerator<string, Embedding<float>> Embeddings()
    {
        EmbedOptions embed = _options.Embed;
        return _options.ProviderOf(ModelRole.Embed) switch
        {
            ModelProvider.Bedrock => Guarded(new TitanEmbeddings(_bedrock.Value, EmbeddingModel), batch: 1, embed, time),
            ModelProvider.OpenAi => Guarded(
                new OpenAiEmbeddings(OpenAiEndpoint.Of(ModelRole.Embed, embed, _options.OpenAi), EmbeddingModel), embed.BatchTexts, embed, time),
            _ => new HashedEmbeddings(),
        };
    }

    public void Dispose()
    {
        if (_bedrock.IsValueCreated)
            _bedrock.Value.Dispose();
    }

    /// <param name="model">Says itself what it is, and where.</param>
    internal static ResilientChatClient Guarded(string role, IChatClient model, ResilienceOptions resilience, TimeProvider time)
    {
        ChatClientMetadata about = model.GetService<ChatClientMetadata>()!;
        var identity = new ModelIdentity(role, about.ProviderName!, about.DefaultModelId!, about.ProviderUri);
        return new ResilientChatClient(new MeteredChatClient(model, identity), new ModelResilience(role, resilience, time));
    }

    /// <param name="model">Says itself what it is, and where.</param>
    /// <param name="batch">Most texts that it takes at once.</param>
    internal static BatchedEmbeddings Guarded(
        IEmbeddingGenerator<string, Embedding<float>> model, int batch, EmbedOptions embed, TimeProvider time)
    {
        EmbeddingGeneratorMetadata about = model.GetService<EmbeddingGeneratorMetadata>()!;
        var identity = new ModelIdentity(ModelRole.Embed, about.ProviderName!, about.DefaultModelId!, about.ProviderUri);
        var one = new ResilientEmbeddings(
            new MeteredEmbeddings(model, identity, about.DefaultModelDimensions!.Value), new ModelResilience(ModelRole.Embed, embed.Resilience, time));
        return new BatchedEmbeddings(one, batch, embed.Parallel);
    }
}
