using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Models.Builtin;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>A provider's clients before its scripted endpoint, wired as the product wires them, with model ids that no other test has.</summary>
internal sealed class MeteredModels : IAsyncDisposable
{
    private readonly string _provider;
    private readonly string _own = Guid.NewGuid().ToString("N");

    private MeteredModels(string provider)
    {
        _provider = provider;
        Server = provider == ModelProvider.Bedrock ? new ScriptedBedrock() : new ScriptedOpenAi();
    }

    public static IEnumerable<object[]> Providers => [[ModelProvider.Bedrock], [ModelProvider.OpenAi]];

    public ScriptedModelServer Server { get; }

    public string ChatModel => $"chat-{_own}";

    public string EmbedModel => $"embed-{_own}";

    /// <summary>As the GenAI conventions name it.</summary>
    public string ProviderName => _provider == ModelProvider.Bedrock ? "aws.bedrock" : "openai";

    public static int Dimensions => 256;

    public static async Task<MeteredModels> StartAsync(string provider)
    {
        var models = new MeteredModels(provider);
        models.Server.Script = call => call.Task == ModelTask.Embed
            ? new ModelReply.Vectors([.. call.Texts.Select(text => HashedEmbeddings.Embed(text).Take(call.Dimensions!.Value).ToArray())])
            : new ModelReply.Say("Noted, thank you.");
        await models.Server.StartAsync();
        return models;
    }

    public IChatClient Chat(string role = ModelRole.Chat, ResilienceOptions? resilience = null) =>
        ModelFactory.Guarded(role, Raw(), resilience ?? Quick(), TimeProvider.System);

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(ResilienceOptions? resilience = null, int batchTexts = 64)
    {
        var embed = new EmbedOptions { Parallel = 2, Resilience = resilience ?? Quick() };
        var model = new EmbeddingModel(EmbedModel, Dimensions);
        return Server is ScriptedBedrock bedrock
            ? ModelFactory.Guarded(new TitanEmbeddings(BedrockClients.Open(bedrock), model), batch: 1, embed, TimeProvider.System)
            : ModelFactory.Guarded(new OpenAiEmbeddings(Endpoint, model), batchTexts, embed, TimeProvider.System);
    }

    /// <summary>Retries without noticeable waits.</summary>
    public static ResilienceOptions Quick() => new() { RetryMilliseconds = 1 };

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    private IChatClient Raw() => Server is ScriptedBedrock bedrock
        ? BedrockClients.Chat(bedrock, ChatModel, cacheFromTokens: 1_000)
        : new OpenAiChatClient(new OpenAiChatModel(ChatModel, Endpoint, new RoleOptions(), StructuredBy.Schema));

    private OpenAiEndpoint Endpoint => OpenAiEndpoint.Of(
        ModelRole.Chat, new RoleOptions(), new OpenAiOptions { BaseUrl = ((ScriptedOpenAi)Server).BaseUrl, ApiKey = ScriptedOpenAi.ApiKey });
}
