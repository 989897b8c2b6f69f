using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Runner;
using NativeProcesses;

namespace Aspire.Hosting.Postgres;

/// <summary>The private Postgres behind a resource, with the resource's databases.</summary>
internal sealed class NativePostgresServer(NativePostgres postgres, string? dataFolder) : INativeServer
{
    public Task<int> Exited => postgres.Exited;

    public string? DataFolder => dataFolder;

    public static async Task<INativeServer> StartAsync(PostgresServerResource resource, CancellationToken cancellationToken)
    {
        var endpoint = resource.PrimaryEndpoint.EndpointAnnotation;
        var volume = resource.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault()?.Volume;
        var postgres = await NativePostgres.StartAsync(new NativePostgresOptions
        {
            Directory = volume,
            Durable = volume is not null,
            UserName = (await resource.UserNameReference.GetValueAsync(cancellationToken))!,
            Password = await resource.PasswordParameter.GetValueAsync(cancellationToken),
            Port = endpoint.Port,
            Databases = [.. resource.Databases.Values],
            MaxConnections = 200,
        }, cancellationToken);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, postgres.Host, postgres.Port);
        return new NativePostgresServer(postgres, volume);
    }

    public Task StopAsync() => postgres.StopAsync();

    public Task RestartAsync(CancellationToken cancellationToken) => postgres.RestartAsync(cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => postgres.DisposeAsync();
}
