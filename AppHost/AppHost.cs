// The system in one picture: what runs, what each part is given, and what it waits for.
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var configuration = builder.Configuration;
var ephemeral = configuration["AspireMemory:Ephemeral"] == "true";
var randomPorts = configuration["AspireMemory:RandomPorts"] == "true";

// Generated once and kept in the user secrets; Parameters__apikey and its sisters in the environment win.
IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);

var apiKey = Secret("apikey").WithDescription("key of the default project, for clients of memory-api");
var apiPassword = Secret("memory-api-password");
var workerPassword = Secret("memory-worker-password");
var auditorPassword = Secret("memory-auditor-password");
var provider = builder
    .AddParameter("model-provider", configuration["Memory:Models:Provider"] ?? "builtin", publishValueAsDefault: true)
    .WithDescription("builtin needs no network and no key; switch with Memory__Models__Provider=bedrock or openai before ./run (docs/models.md)");

// The tag comes before the volume, which reads it to choose where the data is mounted.
var postgres = builder.AddPostgres("postgres").WithImage("pgvector/pgvector", "0.8.4-pg17");
if (!ephemeral)
    postgres.WithDataVolume();
var memorydb = postgres.AddDatabase("memorydb");
var redis = builder.AddRedis("redis");

// Only migrate sees the superuser; each service logs in as its own role, to which row level security applies.
var apiDb = builder.AddConnectionString("memory-api-db", RoleConnection("memory_api", apiPassword));
var workerDb = builder.AddConnectionString("memory-worker-db", RoleConnection("memory_worker", workerPassword));

var migrate = Configured(builder.AddProject<Projects.Memory_Ingestor>("migrate", launchProfileName: null))
    .WithArgs(configuration.GetValue("AspireMemory:Reembed", false) ? ["migrate", "reembed"] : ["migrate"])
    .WithReference(memorydb)
    .WithEnvironment("Memory__Storage__ApiPassword", apiPassword)
    .WithEnvironment("Memory__Storage__WorkerPassword", workerPassword)
    .WithEnvironment("Memory__Storage__AuditorPassword", auditorPassword)
    .WithEnvironment("Memory__Bootstrap__ApiKey", apiKey)
    .WaitFor(memorydb);

var api = Configured(builder.AddProject<Projects.Memory_Api>("memory-api", launchProfileName: null))
    .WithHttpEndpoint(port: randomPorts ? null : 5100)
    .WithHttpHealthCheck("/health")
    .WithReference(apiDb, connectionName: "memorydb")
    .WithReference(redis)
    // Nothing stands between it and this Postgres. Not with a pooler that lends a connection for one transaction.
    .WithEnvironment("Memory__Storage__PreparedStatements", "true")
    .WaitFor(redis)
    .WaitForCompletion(migrate);
var ingestor = Configured(builder.AddProject<Projects.Memory_Ingestor>("memory-ingestor", launchProfileName: null))
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(workerDb, connectionName: "memorydb")
    .WithReference(redis)
    .WaitFor(redis)
    .WaitForCompletion(migrate);
// On a developer's machine receivers of webhooks are near; where it is published, nobody's webhook reaches into its network unasked.
if (builder.ExecutionContext.IsRunMode)
{
    api.WithEnvironment("Memory__Webhooks__PrivateAddresses", "true");
    ingestor.WithEnvironment("Memory__Webhooks__PrivateAddresses", "true");
}

Configured(builder.AddProject<Projects.Chat_Agent>("chat-agent", launchProfileName: null))
    .WithHttpEndpoint(port: randomPorts ? null : 5200)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(api)
    .WithEnvironment("Memory__Client__ApiKey", apiKey)
    .WaitForCompletion(migrate);

builder.Build().Run();

ReferenceExpression RoleConnection(string role, IResourceBuilder<ParameterResource> password) => ReferenceExpression.Create(
    $"Host={postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Host)};Port={postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Port)};Username={role};Password={password};Database={memorydb.Resource.DatabaseName}");

// Settings of the models reach every service; when publishing, only the provider does, since the others may be secrets.
IResourceBuilder<ProjectResource> Configured(IResourceBuilder<ProjectResource> service)
{
    if (builder.ExecutionContext.IsRunMode)
    {
        service.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
        foreach (var (key, value) in configuration.GetSection("Memory:Models").AsEnumerable().Where(setting => setting.Value is not null))
            service.WithEnvironment(key.Replace(":", "__"), value);
    }

    return service.WithEnvironment("Memory__Models__Provider", provider);
}
