using System.Net.Http.Headers;
using Memory.Testing;

namespace Memory.Api.Tests.Wire;

/// <summary>What only the real server refuses: bodies that are too large, and paths that are none.</summary>
public sealed class BodySizeTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private const int MaxBodySize = 256 * 1024;

    [Fact]
    public async Task A_body_has_a_largest_size_and_imports_and_batches_one_of_their_own()
    {
        await using ServiceProcess service = ServiceProcess.Start("Memory.Api", EngineHost.Settings(application.Database.Api, (await TestServers.SharedAsync()).Redis));
        using var http = new HttpClient { BaseAddress = await service.AddressAsync() };
        var api = new ApiClient(http, TestServers.ApiKey);
        string user = ApiApplication.NewUser();
        string body = $$"""{"user_id":"{{user}}","infer":false,"messages":[{"role":"user","content":"User sings"}]}""";

        (await api.PostTextAsync("/v3/memories/add/", body.PadRight(MaxBodySize))).Ok();
        Answer known = await api.PostTextAsync("/v3/memories/add/", body.PadRight(MaxBodySize + 1));
        Answer unknown = await ChunkedAsync(api, "/v3/memories/add/", body.PadRight(MaxBodySize + 1));
        Answer import = await api.Keyed(user).PostTextAsync("/v1/import/", $$"""{"user_id":"{{user}}","role":"user","content":"I sing."}""".PadRight(MaxBodySize * 2));
        Answer path = await api.GetAsync("/v1/memories/%00/");
        string batch = $$"""{"memories":[{"memory_id":"{{Assert.Single((await api.ListAsync(user)).Results).GetProperty("id").GetString()}}","text":"User hums"}]}""";
        (await api.PutTextAsync("/v1/batch/", batch.PadRight(8 * 1024 * 1024))).Ok();

        Assert.All([known, unknown], answer =>
        {
            answer.IsRefusedWith(413);
            Assert.Contains($"{MaxBodySize} bytes", answer["detail"].GetString(), StringComparison.Ordinal);
        });
        import.Ok();
        Assert.Equal(400, path.Status);
        Assert.Single((await api.ListAsync(user)).Results);
    }

    // Nobody says beforehand how much it is.
    private static Task<Answer> ChunkedAsync(ApiClient api, string path, string body)
    {
        var content = new StreamContent(new UnknownLength(System.Text.Encoding.UTF8.GetBytes(body)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return api.SendAsync(HttpMethod.Post, path, content);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
