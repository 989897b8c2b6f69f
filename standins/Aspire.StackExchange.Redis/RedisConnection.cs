using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

internal static class RedisConnection
{
    /// <summary>A Redis that is down must not stop the start-up, unless the connection string says so.</summary>
    public static ConfigurationOptions Parse(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        if (!connectionString.Contains("abortConnect", StringComparison.OrdinalIgnoreCase))
            options.AbortOnConnectFail = false;
        return options;
    }

    public static ConnectionMultiplexer Open(IServiceProvider services, ConfigurationOptions options)
    {
        var connection = ConnectionMultiplexer.Connect(options);
        services.GetService<RedisSpansSwitch>()?.Watch(connection);
        return connection;
    }
}
