using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.ShortTerm;

public static class ShortTermRegistration
{
    public static IHostApplicationBuilder AddShortTerm(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ShortTermOptions, ShortTermOptionsValidator>(ShortTermOptions.Section);
        builder.Services.AddSingleton<ShortTermBuffer>();
        return builder;
    }
}
