using System.Net.Http.Headers;
using System.Text.Json;

namespace Memory.Api.Tests;

/// <summary>What the API answered, read to its end.</summary>
public sealed record Answer(int Status, string Text, string? ContentType, HttpResponseHeaders Headers)
{
    public JsonElement Body => JsonElement.Parse(Text);

    public JsonElement this[string name] => Body.GetProperty(name);

    public List<JsonElement> Results => [.. this["results"].EnumerateArray()];

    public List<string?> Memories => [.. Results.Select(result => result.GetProperty("memory").GetString())];

    /// <summary>Every error is said the same way: JSON with one text under the three names that clients look for.</summary>
    public void IsRefusedWith(int status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        Assert.Equal("application/json", ContentType);
        string? detail = this["detail"].GetString();
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.Equal(detail, this["error"].GetString());
        Assert.Equal(detail, this["message"].GetString());
        Assert.StartsWith("urn:memory:problem:", this["type"].GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(this["traceId"].GetString()));
    }

    public Answer IsCreated()
    {
        Assert.True(Status == 201, $"Expected 201, got {Status}: {Text}");
        return this;
    }

    public Answer Ok()
    {
        Assert.True(Status == 200, $"Expected 200, got {Status}: {Text}");
        return this;
    }
}
