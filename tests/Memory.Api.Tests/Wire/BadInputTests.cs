using System.Net.Http.Headers;
using System.Text.Json;
using Memory.Api.Tests.Wire.Corpus;
using Memory.Testing;

namespace Memory.Api.Tests.Wire;

/// <summary>What nobody should send, and what few do: each is kept to the letter or refused with a code; never a 5xx, never a silent drop.</summary>
public sealed class BadInputTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private static readonly Dictionary<string, IEnumerable<InputCase>> s_themes = new()
    {
        ["texts"] = TextCases.All(), ["JSON"] = JsonCases.All(), ["sizes"] = SizeCases.All(), ["ids"] = IdCases.All(), ["times"] = TimeCases.All(),
        ["filters"] = FilterCases.All(), ["types"] = TypeCases.All(), ["transport"] = TransportCases.All(),
    };

    [Theory]
    [InlineData("texts", 200)]
    [InlineData("JSON", 300)]
    [InlineData("sizes", 80)]
    [InlineData("ids", 150)]
    [InlineData("times", 300)]
    [InlineData("filters", 150)]
    [InlineData("types", 150)]
    [InlineData("transport", 100)]
    public async Task Every_case_has_the_outcome_it_is_declared_with(string theme, int least)
    {
        using HttpClient http = application.NewHttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", TestServers.ApiKey);
        List<string> wrong = [];
        var tried = 0;
        foreach (InputCase input in s_themes[theme])
        {
            tried++;
            if (await WrongAsync(http, input) is { } why)
                wrong.Add($"{input}\n    {why}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n{string.Join('\n', wrong.Take(60))}");
        Assert.InRange(tried, least, 10_000);
    }

    /// <returns>Null: it is as declared.</returns>
    private async Task<string?> WrongAsync(HttpClient http, InputCase input)
    {
        string user = ApiApplication.NewUser();
        string memory = "";
        if (input.Path.Contains("MEMORY", StringComparison.Ordinal))
        {
            memory = await application.Api.KeepAsync(user, "User sings");
            (await application.Api.PutAsync($"/v1/memories/{memory}/", new { text = "User sings aloud" })).Ok();
        }

        Answer answer = await SendAsync(http, input, user, memory);
        if (input.Outcome is Outcome.Refused refused)
        {
            if (Misread(answer, refused) is { } misread)
                return misread;
            return memory.Length == 0 && await CountAsync(user) > 0 ? $"refused with {answer.Status}, and stored all the same" : null;
        }

        if (answer.Status is < 200 or > 299)
            return $"expected to be taken, got {answer.Status}: {answer.Text}";
        if (input.Outcome is not Outcome.Kept kept)
            return null;
        string text = kept.Text.Replace("USER", user, StringComparison.Ordinal);
        string found = await FindAsync(kept.Where, kept.Where == Place.Owner ? text : user);
        bool isSame = kept.Where == Place.Metadata ? JsonElement.DeepEquals(JsonElement.Parse(found), JsonElement.Parse(text)) : found == text;
        return isSame ? null : $"kept as {JsonSerializer.Serialize(found.Length > 300 ? found[..300] : found)}";
    }

    private static string? Misread(Answer answer, Outcome.Refused expected)
    {
        if (answer.Status != expected.Status)
            return $"expected {expected.Status}, got {answer.Status}: {answer.Text}";
        answer.IsRefusedWith(expected.Status);
        return answer["type"].GetString() == $"urn:memory:problem:{expected.Code}" ? null : $"expected {expected.Code}, got {answer.Text}";
    }

    private static async Task<Answer> SendAsync(HttpClient http, InputCase input, string user, string memory)
    {
        using var request = new HttpRequestMessage(new HttpMethod(input.Method), Put(input.Path));
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (input.ContentType is not null || input.Body.Length > 0)
            request.Content = new ByteArrayContent(Replaced(input.Body, user));
        if (input.ContentType is not null)
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", input.ContentType);
        using HttpResponseMessage response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType, response.Headers);

        string Put(string text) => text.Replace("MEMORY", memory, StringComparison.Ordinal).Replace("USER", user, StringComparison.Ordinal);
    }

    // Not through a text: bytes that are none have to stay as they are.
    private static byte[] Replaced(byte[] body, string user)
    {
        System.Text.Encoding bytes = System.Text.Encoding.Latin1;
        return bytes.GetBytes(bytes.GetString(body).Replace("USER", user, StringComparison.Ordinal));
    }

    private Task<string> FindAsync(Place where, string user) => application.Database.ScalarAsync<string>(
        where switch
        {
            Place.Memory => "select coalesce((select content from memories where owner_id = $1 and status = 'active' order by updated_at desc, id desc limit 1), '')",
            Place.Metadata => "select coalesce((select (metadata -> 'k')::text from memories where owner_id = $1 and status = 'active' order by id desc limit 1), '')",
            Place.Message => "select coalesce((select content from episodes where owner_id = $1 order by seq desc limit 1), '')",
            _ => "select coalesce((select owner_id from memories where owner_id = $1 limit 1), '')",
        },
        user);

    private Task<long> CountAsync(string user) => application.Database.ScalarAsync<long>(
        "select (select count(*) from memories where owner_id = $1) + (select count(*) from episodes where owner_id = $1) + (select count(*) from events where owner_id = $1)", user);
}
