namespace Memory.Api.Tests.Contract;

/// <summary>The clients that people have work as they are, with nothing but another host. What each one does stands in node/*.test.mjs.</summary>
public sealed class ContractTests(ContractSystem system) : IClassFixture<ContractSystem>
{
    [Theory]
    [InlineData("mem0ai-3")]
    [InlineData("mem0ai-2")]
    [InlineData("vercel")]
    [InlineData("langchain")]
    [InlineData("openclaw")]
    [InlineData("cli")]
    [InlineData("mcp")]
    public async Task The_client_works_as_it_is(string client)
    {
        string said = await system.RunAsync($"{client}.test.mjs");

        // Whole: what went wrong stands anywhere in it.
        Assert.True(said.Length == 0, said);
    }
}
