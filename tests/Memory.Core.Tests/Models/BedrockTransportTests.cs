using System.Net;
using System.Net.Sockets;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>Calls to Bedrock that never arrive, or whose answers do not.</summary>
public sealed class BedrockTransportTests : IAsyncLifetime
{
    private const string Canary = "canary-4711";

    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Nobody_listening_is_deferrable()
    {
        await _server.DisposeAsync();

        foreach (Func<Task> call in BedrockClients.Calls(_server))
            Assert.Null((await Assert.ThrowsAsync<ModelException.Deferrable>(call)).Status);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_deferrable()
    {
        var unknown = new WatchedHttp(sending: _ => throw new HttpRequestException(HttpRequestError.NameResolutionError));
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server, http: unknown);

        await Assert.ThrowsAsync<ModelException.Deferrable>(() => AskAsync(client));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public async Task A_connection_that_breaks_within_the_answer_has_failed(int bytes)
    {
        _server.Script = _ => new ModelReply.Reset(new ModelReply.Say($"{Canary} and more"), bytes);

        foreach (Func<Task> call in BedrockClients.Calls(_server))
            Assert.DoesNotContain(Canary, (await Assert.ThrowsAsync<ModelException.Failed>(call)).ToString());
        Assert.Equal(3, _server.Calls.Count);
    }

    [Fact]
    public async Task A_connection_that_is_closed_unanswered_has_failed_and_is_not_tried_again()
    {
        _server.Script = _ => new ModelReply.Reset(new ModelReply.Say(""), 0);
        await Assert.ThrowsAsync<ModelException.Failed>(() => AskAsync());
        _server.Next(new ModelReply.Say("A connection is open now."));
        await AskAsync();

        await Assert.ThrowsAsync<ModelException.Failed>(() => AskAsync());

        Assert.Equal(3, _server.Calls.Count);
    }

    [Fact]
    public async Task The_sdks_own_time_out_is_a_failed_call()
    {
        _server.Script = _ => new ModelReply.Hang();
        AmazonBedrockRuntimeConfig config = BedrockConnection.Configure(
            new BedrockOptions { Region = ScriptedBedrock.Region, ServiceUrl = _server.Address }, () => null);
        config.Timeout = TimeSpan.FromMilliseconds(200);
        using var client = new AmazonBedrockRuntimeClient(new BasicAWSCredentials(ScriptedBedrock.AccessKey, ScriptedBedrock.SecretKey), config);

        await Assert.ThrowsAsync<ModelException.Failed>(() => AskAsync(client));
    }

    [Fact]
    public async Task A_connection_that_is_never_made_is_deferrable()
    {
        // Linux lets those wait that find the queue full.
        if (!OperatingSystem.IsLinux())
            return;
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)full.LocalEndPoint!);
        AmazonBedrockRuntimeConfig config = BedrockConnection.Configure(
            new BedrockOptions { Region = ScriptedBedrock.Region, ServiceUrl = new Uri($"http://{full.LocalEndPoint}/") }, () => null);
        config.ConnectTimeout = TimeSpan.FromMilliseconds(200);
        using var client = new AmazonBedrockRuntimeClient(new BasicAWSCredentials("key", "secret"), config);

        await Assert.ThrowsAsync<ModelException.Deferrable>(() => AskAsync(client));
    }

    [Fact]
    public async Task Credentials_that_cannot_be_found_are_the_operators_to_give()
    {
        using var client = new AmazonBedrockRuntimeClient(new NoCredentials(), BedrockConnection.Configure(
            new BedrockOptions { Region = ScriptedBedrock.Region, ServiceUrl = _server.Address }, () => null));

        var thrown = await Assert.ThrowsAsync<ModelException.Permanent>(() => AskAsync(client));

        Assert.Contains("credentials", thrown.Message);
        Assert.DoesNotContain(Canary, thrown.ToString());
    }

    private async Task<ChatResponse> AskAsync(AmazonBedrockRuntimeClient? bedrock = null)
    {
        using var client = new BedrockChatClient(bedrock ?? BedrockClients.Open(_server), BedrockClients.Model, new RoleOptions(), new BedrockOptions());
        return await client.GetResponseAsync("Hello?");
    }

    private sealed class NoCredentials : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException($"None. {Canary}");
    }
}
