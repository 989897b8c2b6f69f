using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NativeRunner.Sample;

if (args is ["prepare", var exitCode])
    return int.Parse(exitCode, System.Globalization.CultureInfo.InvariantCulture);

if (args is ["serve"])
{
    var service = WebApplication.CreateSlimBuilder().Build();
    service.MapGet("/{**path}", () => Environment.ProcessId);
    await service.RunAsync();
    return 0;
}

// Settings: Port (fixed port of the service), PrepareExit (exit code of the step before it), Replicas.
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
var settings = builder.Configuration;
var redis = builder.AddRedis("redis");
var database = builder.AddPostgres("postgres").AddDatabase("sampledb");
var prepare = builder.AddProject<SampleProject>("prepare", launchProfileName: null)
    .WithArgs("prepare", settings["PrepareExit"] ?? "0")
    .WithReference(database)
    .WaitFor(database);
builder.AddProject<SampleProject>("service", launchProfileName: null)
    .WithArgs("serve")
    .WithHttpEndpoint(port: settings.GetValue<int?>("Port"))
    .WithHttpHealthCheck("/health")
    .WithReplicas(settings.GetValue("Replicas", 1))
    .WithReference(redis)
    .WaitFor(redis)
    .WaitForCompletion(prepare);
builder.Build().Run();
return Environment.ExitCode;
