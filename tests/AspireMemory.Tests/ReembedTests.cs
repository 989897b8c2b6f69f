using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Storage;
using Memory.Testing;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>What an operator sees who configures another embedding model than memories are stored with.</summary>
public sealed class ReembedTests : IAsyncLifetime
{
    private readonly ScriptedOpenAi _models = new() { Script = OracleModel.Answer };
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync();
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task Migrate_refuses_says_what_to_do_and_does_it_when_told()
    {
        (int refused, string why) = await MigrateAsync();
        (int done, _) = await MigrateAsync("reembed");
        (int again, _) = await MigrateAsync();

        Assert.Equal((1, 0, 0), (refused, done, again));
        string line = Assert.Single(why.Split('\n'), line => line.StartsWith("migrate: ", StringComparison.Ordinal));
        Assert.Contains("builtin-hash-1 (1024 dimensions), but text-embedding-3-small (256 dimensions) is configured", line, StringComparison.Ordinal);
        Assert.Contains("migrate reembed", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", why, StringComparison.Ordinal);
        Assert.Equal(1, await _rig.Database.ScalarAsync<long>("select count(*) from memory_vectors where model = 'text-embedding-3-small' and vector_dims(embedding) = 256"));
    }

    [Theory]
    [InlineData("Memory.Api")]
    [InlineData("Memory.Ingestor")]
    public async Task A_service_does_not_start_beside_vectors_of_another_model(string service)
    {
        await using ServiceProcess process = ServiceProcess.Start(service, Settings(service == "Memory.Api" ? _rig.Database.Api : _rig.Database.Worker));

        int code = await process.ExitAsync();

        Assert.NotEqual(0, code);
        Assert.Contains("migrate reembed", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_service_ends_when_vectors_are_made_anew_under_it()
    {
        Dictionary<string, string?> settings = Settings(_rig.Database.Worker);
        settings.Remove("Memory:Models:Embed:Provider");
        settings.Remove("Memory:Models:Embed:Dimensions");
        await using ServiceProcess process = ServiceProcess.Start("Memory.Ingestor", settings);
        await process.UntilAsync("Application started");

        await MigrateAsync("reembed");
        await process.ExitAsync();

        Assert.Contains("text-embedding-3-small (256 dimensions), but builtin-hash-1 (1024 dimensions) is configured", process.Output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> MigrateAsync(params string[] arguments)
    {
        await using ServiceProcess migrate = ServiceProcess.Start("Memory.Ingestor", Settings(_rig.Database.Owner), ["migrate", .. arguments]);
        return (await migrate.ExitAsync(), migrate.Output);
    }

    private Dictionary<string, string?> Settings(string memorydb)
    {
        RolePasswords passwords = TestServers.Passwords;
        return new Dictionary<string, string?>
        {
            ["ConnectionStrings:memorydb"] = memorydb,
            ["ConnectionStrings:redis"] = "127.0.0.1:1,connectTimeout=100,abortConnect=false",
            ["Memory:Storage:ApiPassword"] = passwords.ApiPassword,
            ["Memory:Storage:WorkerPassword"] = passwords.WorkerPassword,
            ["Memory:Storage:AuditorPassword"] = passwords.AuditorPassword,
            ["Memory:Bootstrap:ApiKey"] = TestServers.ApiKey,
            ["Memory:Models:Embed:Provider"] = "openai",
            ["Memory:Models:Embed:Dimensions"] = "256",
            ["Memory:Models:OpenAi:BaseUrl"] = $"{_models.BaseUrl}",
            ["Memory:Models:OpenAi:ApiKey"] = ScriptedOpenAi.ApiKey,
        };
    }
}
