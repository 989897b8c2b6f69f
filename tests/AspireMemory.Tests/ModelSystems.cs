using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>The system with the models of a scripted endpoint.</summary>
public abstract class ModelSystem(ScriptedModelServer models) : RunningSystem
{
    public ScriptedModelServer Models => models;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await models.DisposeAsync();
    }

    /// <summary>Once the endpoint's address is known.</summary>
    protected abstract IReadOnlyDictionary<string, string> Settings();

    protected override async Task<IReadOnlyDictionary<string, string>> PrepareAsync()
    {
        models.Script = OracleModel.Answer;
        await models.StartAsync();
        return Settings();
    }
}

/// <summary>Credentials come from the environment, as they do anywhere.</summary>
public sealed class BedrockSystem() : ModelSystem(new ScriptedBedrock())
{
    protected override IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = ScriptedBedrock.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = ScriptedBedrock.SecretKey,
        ["AWS_REGION"] = ScriptedBedrock.Region,
    };

    protected override IReadOnlyDictionary<string, string> Settings() => new Dictionary<string, string>
    {
        ["Memory:Models:Provider"] = "bedrock",
        ["Memory:Models:Bedrock:ServiceUrl"] = $"{Models.Address}",
    };
}

public sealed class OpenAiSystem() : ModelSystem(new ScriptedOpenAi())
{
    protected override IReadOnlyDictionary<string, string> Settings() => new Dictionary<string, string>
    {
        ["Memory:Models:Provider"] = "openai",
        ["Memory:Models:OpenAi:BaseUrl"] = $"{((ScriptedOpenAi)Models).BaseUrl}",
        ["Memory:Models:OpenAi:ApiKey"] = ScriptedOpenAi.ApiKey,
    };
}
