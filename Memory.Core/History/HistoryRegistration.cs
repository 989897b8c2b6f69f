using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.History;

public static class HistoryRegistration
{
    public static IHostApplicationBuilder AddHistory(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VersionLog>();
        builder.Services.AddSingleton<ConflictLog>();
        builder.Services.AddSingleton<Provenance>();
        return builder;
    }
}
