using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Lanes;

public static class LanesRegistration
{
    public static IHostApplicationBuilder AddLanes(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<LaneOptions, LaneOptionsValidator>(LaneOptions.Section);
        builder.Services.AddSingleton<LaneStore>();
        builder.Services.AddSingleton<LeaseKeeper>();
        builder.Services.AddSingleton<LaneHints>();
        builder.Services.AddSingleton<WritePath>();
        builder.Services.AddHealthChecks().AddCheck<WritePath>("write-path");
        return builder;
    }
}
