using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace Microsoft.Extensions.DependencyInjection;

public static class ResilienceHttpClientBuilderExtensions
{
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure) =>
        builder.AddStandardResilienceHandler().Configure(configure);

    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HttpStandardResilienceOptions>, StandardResilienceValidator>());
        var added = builder.AddResilienceHandler("standard", AddStandardStrategies);
        builder.Services.AddOptions<HttpStandardResilienceOptions>(added.PipelineName).ValidateOnStart();

        // The strategies say how long a call may take, not the client.
        builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        return new StandardPipelineBuilder(added.PipelineName, builder.Services);
    }

    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder,
        string pipelineName,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure) =>
        builder.AddResilienceHandler(pipelineName, (pipeline, _) => configure(pipeline));

    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder,
        string pipelineName,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext> configure)
    {
        var name = $"{builder.Name}-{pipelineName}";

        // The registry outlives the handlers, which are replaced every two minutes, and a breaker must not forget.
        builder.Services.TryAddSingleton<ResiliencePipelineRegistry<string>>();
        builder.AddHttpMessageHandler(services => new ResilienceHandler(
            services.GetRequiredService<ResiliencePipelineRegistry<string>>().GetOrAddPipeline<HttpResponseMessage>(
                name, pipeline => configure(pipeline, new ResilienceHandlerContext(services, name)))));
        return new PipelineBuilder(name, builder.Services);
    }

    [Experimental("EXTEXP0001")]
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder) =>
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToList()) handlers.Remove(handler);
        });

    private static void AddStandardStrategies(
        ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ResilienceHandlerContext context)
    {
        var options = context.ServiceProvider
            .GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>()
            .Get(context.BuilderName);

        pipeline
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout);
    }

    private sealed record PipelineBuilder(string PipelineName, IServiceCollection Services)
        : IHttpResiliencePipelineBuilder;

    private sealed record StandardPipelineBuilder(string PipelineName, IServiceCollection Services)
        : IHttpStandardResiliencePipelineBuilder;
}
