using Memory.Core.Privacy.Rates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Privacy;

public static class PrivacyRegistration
{
    public static IHostApplicationBuilder AddPrivacy(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<RateLimitOptions, RateLimitOptionsValidator>(RateLimitOptions.Section);
        builder.Services.AddSingleton<ApiKeyStore>();
        builder.Services.AddSingleton<KeyLedger>();
        builder.Services.AddSingleton<ProjectLedger>();
        builder.Services.AddSingleton<KeyUse>();
        builder.Services.AddSingleton<KeyRates>();
        builder.Services.AddSingleton<FailureLimit>();
        return builder;
    }
}
