using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Memory.Api.Endpoints;

internal sealed class EventStreamOptions
{
    internal const string Section = "Memory:Api";

    /// <summary>How often a stream looks for changes, in milliseconds. Default 500.</summary>
    [Range(20, 60_000)]
    public int EventPollMilliseconds { get; set; } = 500;

    /// <summary>Most streams that one process serves at a time; each looks on its own. Default 500.</summary>
    [Range(1, 100_000)]
    public int EventStreams { get; set; } = 500;

    /// <summary>How often a stream says that it is alive, in seconds. Default 15.</summary>
    [Range(1, 300)]
    public int EventKeepAliveSeconds { get; set; } = 15;
}

[OptionsValidator]
internal sealed partial class EventStreamOptionsValidator : IValidateOptions<EventStreamOptions>;

internal static class EventStreamRegistration
{
    internal static void AddEventStream(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventStreamOptions>().BindConfiguration(EventStreamOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamOptions>, EventStreamOptionsValidator>());
        builder.Services.AddSingleton<EventStream>();
    }
}
