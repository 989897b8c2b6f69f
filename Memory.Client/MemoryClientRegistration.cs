using System.Net.Http.Headers;
using Memory.Client.Working;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Client;

public static class MemoryClientRegistration
{
    /// <summary>The memory API at an address that service discovery may resolve, such as <c>https+http://memory-api</c>.</summary>
    public static IHttpClientBuilder AddMemoryClient(this IHostApplicationBuilder builder, string address)
    {
        builder.Services.AddOptions<MemoryClientOptions>().BindConfiguration(MemoryClientOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryClientOptions>, MemoryClientOptionsValidator>());
        builder.Services.AddOptions<WorkingMemoryOptions>().BindConfiguration(WorkingMemoryOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkingMemoryOptions>, WorkingMemoryOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<WorkingMemory>();
        return builder.Services
            .AddHttpClient<MemoryClient>((services, http) =>
            {
                http.BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/");
                string key = services.GetRequiredService<IOptions<MemoryClientOptions>>().Value.ApiKey;
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", key);
            })
            // What they log of headers at Trace is hidden in the text, but not in its structured form, which telemetry takes.
            .RemoveAllLoggers()
            .RemoveAllResilienceHandlers();
    }
}
