using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Webhooks;

public static class WebhooksRegistration
{
    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<WebhookOptions, WebhookOptionsValidator>(WebhookOptions.Section);
        builder.Services.AddSingleton<WebhookStore>();
        builder.Services.AddSingleton<Deliveries>();
        builder.Services.AddSingleton<Courier>();
        return builder;
    }
}
