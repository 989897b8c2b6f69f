using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>Clients of a scripted Bedrock, configured as the product's are; only the credentials are given instead of found.</summary>
internal static class BedrockClients
{
    public const string Model = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

    public static AmazonBedrockRuntimeClient Open(
        ScriptedBedrock server, string secretKey = ScriptedBedrock.SecretKey, HttpClientFactory? http = null, string accessKey = ScriptedBedrock.AccessKey)
    {
        AmazonBedrockRuntimeConfig config = BedrockConnection.Configure(
            new BedrockOptions { Region = ScriptedBedrock.Region, ServiceUrl = server.Address }, () => null);
        if (http is not null)
            config.HttpClientFactory = http;
        return new AmazonBedrockRuntimeClient(new BasicAWSCredentials(accessKey, secretKey), config);
    }

    public static BedrockChatClient Chat(
        ScriptedBedrock server, string model = Model, RoleOptions? limits = null, int cacheFromTokens = 0, HttpClientFactory? http = null, bool forceTool = true) =>
        new(Open(server, http: http), model, limits ?? new RoleOptions(), new BedrockOptions { CacheFromTokens = cacheFromTokens, ForceTool = forceTool });

    /// <summary>One call of each operation.</summary>
    public static IEnumerable<Func<Task>> Calls(ScriptedBedrock server)
    {
        yield return () => Chat(server).GetResponseAsync("Hello?");
        yield return () => Chat(server).GetStreamingResponseAsync("Hello?").ToChatResponseAsync();
        yield return () => new TitanEmbeddings(Open(server), new EmbeddingModel("amazon.titan-embed-text-v2:0", 256)).GenerateAsync(["Hello?"]);
    }
}
