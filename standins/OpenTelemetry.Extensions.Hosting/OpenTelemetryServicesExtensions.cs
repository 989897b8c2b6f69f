using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

public static class OpenTelemetryServicesExtensions
{
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        // First in line, so that the spans of the other hosted services' start-up are seen.
        if (services.All(service => service.ImplementationType != typeof(TelemetryStart)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryStart>());

        return new OpenTelemetryBuilder(services);
    }
}
