using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Memory.Models.OpenAi;

/// <summary>Where one role's requests go, and the official package's clients for it.</summary>
/// <param name="Url">Up to and including the version.</param>
internal sealed record OpenAiEndpoint(Uri Url, string Key)
{
    // As the package has it.
    private static readonly Uri OpenAi = new("https://api.openai.com/v1");

    // A local endpoint wants no key, and the package wants one.
    private const string NoKey = "none";

    // One pool of connections for the process. A redirect would turn the POST into a GET, and an endpoint that moved is a
    // setting to correct; connections are renewed now and then so that a changed DNS entry is seen.
    private static readonly HttpClientPipelineTransport Transport = new(new HttpClient(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    /// <summary>Whether OpenAI itself answers, also from a region or from Azure: others do not know all that it knows.</summary>
    public bool IsOpenAi =>
        Url.Host.Equals(OpenAi.Host, StringComparison.OrdinalIgnoreCase)
        || Url.Host.EndsWith($".{OpenAi.Host}", StringComparison.OrdinalIgnoreCase)
        || Url.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase);

    /// <param name="name">One of <see cref="ModelRole.All"/>.</param>
    /// <param name="section">What holds where the role says nothing else.</param>
    /// <exception cref="OptionsValidationException">OpenAI's own endpoint without a key, or an address that is none.</exception>
    public static OpenAiEndpoint Of(string name, RoleOptions role, OpenAiOptions section) =>
        Wrong(name, role, section) is { } wrong
            ? throw new OptionsValidationException(ModelOptions.Section, typeof(ModelOptions), [wrong])
            : new OpenAiEndpoint(UrlOf(role, section), KeyOf(role, section) ?? NoKey);

    /// <summary>What keeps these settings from working; null: nothing.</summary>
    public static string? Wrong(string name, RoleOptions role, OpenAiOptions section)
    {
        Uri url = UrlOf(role, section);
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return $"The openai provider's BaseUrl for {name} is no absolute http address: set it up to and including the version, as in http://127.0.0.1:11434/v1.";
        return KeyOf(role, section) is null && new OpenAiEndpoint(url, NoKey).IsOpenAi
            ? $"{ModelOptions.Section}:{KeySettingOf(name, role, section)} is missing, and OpenAI's own endpoint serves {name}. Set it, or name another endpoint in {ModelOptions.Section}:OpenAi:BaseUrl. No other variable is read."
            : null;
    }

    public ChatClient Chat(string model) => new(model, new ApiKeyCredential(Key), Options());

    public EmbeddingClient Embeddings(string model) => new(model, new ApiKeyCredential(Key), Options());

    // A record prints its properties, and this one has a key.
    public override string ToString() => Url.ToString();

    private static Uri UrlOf(RoleOptions role, OpenAiOptions section) => role.BaseUrl ?? section.BaseUrl ?? OpenAi;

    private static string? KeyOf(RoleOptions role, OpenAiOptions section) =>
        !string.IsNullOrWhiteSpace(role.ApiKey) ? role.ApiKey.Trim()
        : !string.IsNullOrWhiteSpace(section.ApiKey) && IsOfTheSection(role, section) ? section.ApiKey.Trim()
        : null;

    private static string KeySettingOf(string name, RoleOptions role, OpenAiOptions section) =>
        IsOfTheSection(role, section) ? "OpenAi:ApiKey" : $"{char.ToUpperInvariant(name[0])}{name[1..]}:ApiKey";

    // A key is for a host, whatever the port: another host may be anybody's.
    private static bool IsOfTheSection(RoleOptions role, OpenAiOptions section) =>
        role.BaseUrl is null
        || ((section.BaseUrl ?? OpenAi) is { IsAbsoluteUri: true } known && role.BaseUrl.Host.Equals(known.Host, StringComparison.OrdinalIgnoreCase));

    // Attempts are counted and bounded by the resilience around this client, and described by its telemetry: the package's
    // own retries, time-out, spans and logs would double them, and its logs can hold prompts.
    private OpenAIClientOptions Options() => new()
    {
        Endpoint = Url,
        Transport = Transport,
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
        EnableDistributedTracing = false,
        ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false, EnableMessageLogging = false, EnableMessageContentLogging = false },
    };
}
