namespace Memory.Testing.Models;

/// <summary>What makes the product ask a scripted endpoint.</summary>
public static class ModelSettings
{
    /// <summary>AWS credentials as they are anywhere: from the environment.</summary>
    public static IReadOnlyDictionary<string, string> Credentials { get; } = new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = ScriptedBedrock.AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = ScriptedBedrock.SecretKey,
    };

    /// <summary>
    /// For an engine in a test's own process. Nothing is retried and no circuit opens unless a test says so: the faults of
    /// one test are no concern of the next.
    /// </summary>
    public static Dictionary<string, string?> For(ScriptedModelServer server)
    {
        Dictionary<string, string?> settings = Address(server);
        foreach (string role in (string[])["Extract", "Reconcile", "Chat", "Embed"])
        {
            settings[$"Memory:Models:{role}:Resilience:Retries"] = "0";
            settings[$"Memory:Models:{role}:Resilience:RetryMilliseconds"] = "1";
            settings[$"Memory:Models:{role}:Resilience:BreakMinimumCalls"] = "10000";
        }

        return settings;
    }

    /// <summary>Where it is and what it is asked with. Bedrock's credentials are put into this process's environment.</summary>
    public static Dictionary<string, string?> Address(ScriptedModelServer server)
    {
        if (server is ScriptedOpenAi openAi)
        {
            return new()
            {
                ["Memory:Models:Provider"] = "openai",
                ["Memory:Models:OpenAi:BaseUrl"] = $"{openAi.BaseUrl}",
                ["Memory:Models:OpenAi:ApiKey"] = ScriptedOpenAi.ApiKey,
            };
        }

        foreach ((string name, string value) in Credentials)
            Environment.SetEnvironmentVariable(name, value);
        return new()
        {
            ["Memory:Models:Provider"] = "bedrock",
            ["Memory:Models:Bedrock:ServiceUrl"] = $"{server.Address}",
            ["Memory:Models:Bedrock:Region"] = ScriptedBedrock.Region,
        };
    }
}
