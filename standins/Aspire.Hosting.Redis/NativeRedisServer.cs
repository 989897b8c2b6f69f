using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Runner;
using NativeProcesses;

namespace Aspire.Hosting.Redis;

/// <summary>The private Redis behind a resource.</summary>
internal sealed class NativeRedisServer(NativeRedis redis) : INativeServer
{
    public Task<int> Exited => redis.Exited;

    public string? DataFolder => null;

    public static async Task<INativeServer> StartAsync(RedisResource resource, CancellationToken cancellationToken)
    {
        var endpoint = resource.PrimaryEndpoint.EndpointAnnotation;
        var redis = await NativeRedis.StartAsync(new NativeRedisOptions
        {
            Password = await resource.PasswordParameter!.GetValueAsync(cancellationToken),
            Port = endpoint.Port,
        }, cancellationToken);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, redis.Host, redis.Port);
        return new NativeRedisServer(redis);
    }

    public Task StopAsync() => redis.StopAsync();

    public Task RestartAsync(CancellationToken cancellationToken) => redis.RestartAsync(cancellationToken);

    public ValueTask DisposeAsync() => redis.DisposeAsync();
}
