namespace Memory.Bench;

/// <summary>The running system that is measured: where its services are and the key that opens them.</summary>
internal sealed record BenchSystem(Uri MemoryApi, Uri ChatAgent, string ApiKey)
{
    internal static BenchSystem FromEnvironment() => new(
        Address("MEMORY_API_URL", "http://localhost:5100"),
        Address("CHAT_AGENT_URL", "http://localhost:5200"),
        Key());

    private static Uri Address(string variable, string fallback)
    {
        string value = Given(variable) ?? fallback;
        return Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw new BenchException($"{variable} is not an http address: {value}");
    }

    private static string Key() =>
        Given("MEMORY_API_KEY")
        ?? KeptKey.Find()
        ?? throw new BenchException("no API key: set MEMORY_API_KEY to the one that ./run prints");

    private static string? Given(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
