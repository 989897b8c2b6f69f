using System.Net;
using System.Text;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Models;

public sealed class ScriptedBedrockTests : IAsyncLifetime
{
    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(BedrockClients.Model)]
    [InlineData("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0")]
    public async Task A_request_signed_with_the_right_secret_passes(string model)
    {
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server);

        ConverseResponse answer = await client.ConverseAsync(Question(model));

        Assert.Equal("Noted.", answer.Output.Message.Content.Single().Text);
        Assert.Equal(model, _server.Calls.Single().Model);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server, secretKey: "another secret");

        var refused = await Assert.ThrowsAnyAsync<AmazonBedrockRuntimeException>(() => client.ConverseAsync(Question()));

        Assert.Equal((HttpStatusCode.Forbidden, "InvalidSignatureException"), (refused.StatusCode, refused.ErrorCode));
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task An_unknown_key_is_refused()
    {
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server, accessKey: "AKIDNOBODY");

        var refused = await Assert.ThrowsAnyAsync<AmazonBedrockRuntimeException>(() => client.ConverseAsync(Question()));

        Assert.Equal((HttpStatusCode.Forbidden, "UnrecognizedClientException"), (refused.StatusCode, refused.ErrorCode));
    }

    [Fact]
    public async Task A_body_that_was_changed_on_its_way_is_refused()
    {
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server, http: new WatchedHttp(Body));

        var refused = await Assert.ThrowsAnyAsync<AmazonBedrockRuntimeException>(() => client.ConverseAsync(Question()));

        Assert.Equal((HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch"), (refused.StatusCode, refused.ErrorCode));
        Assert.Empty(_server.Calls);

        static void Body(HttpRequestMessage request)
        {
            var changed = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"messages":[]}"""));
            changed.Headers.ContentType = request.Content!.Headers.ContentType;
            request.Content = changed;
        }
    }

    [Fact]
    public async Task A_signature_is_good_for_its_own_model_only()
    {
        using AmazonBedrockRuntimeClient client = BedrockClients.Open(_server, http: new WatchedHttp(Path));

        var refused = await Assert.ThrowsAnyAsync<AmazonBedrockRuntimeException>(() => client.ConverseAsync(Question()));

        Assert.Equal("InvalidSignatureException", refused.ErrorCode);

        static void Path(HttpRequestMessage request) => request.RequestUri = new Uri(request.RequestUri!, "/model/another/converse");
    }

    private static ConverseRequest Question(string model = BedrockClients.Model) => new()
    {
        ModelId = model,
        Messages = [new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = "Zürich, 世界?" }] }],
    };
}
