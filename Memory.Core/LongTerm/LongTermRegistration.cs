using Memory.Core.LongTerm.Entities;
using Memory.Core.Storage;
using Memory.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.LongTerm;

public static class LongTermRegistration
{
    public static IHostApplicationBuilder AddLongTerm(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<VectorIndexOptions, VectorIndexOptionsValidator>(VectorIndexOptions.Section);
        builder.Services.AddSingleton(services =>
        {
            EmbeddingModel model = services.GetRequiredService<EmbeddingModel>();
            return new VectorSpace(model.Id, model.Dimensions);
        });
        builder.Services.AddSingleton(Embeddings);
        builder.Services.AddSingleton<MemoryStore>();
        builder.Services.AddSingleton<PastMemories>();
        builder.Services.AddSingleton<Parties>();
        builder.Services.AddSingleton<Contradictions>();
        builder.Services.AddSingleton<MemoryWriter>();
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<OwnerSizes>();
        builder.Services.AddSingleton<PgVectorIndex>();
        builder.Services.AddSingleton<EntityMemories>();
        builder.Services.AddSingleton<VectorSpaceGuard>();
        builder.Services.AddHostedService(services => services.GetRequiredService<VectorSpaceGuard>());
        builder.Services.AddHealthChecks().AddCheck<VectorSpaceGuard>("vectors");
        return builder;
    }

    /// <summary>The embedding model behind its caches: the process, then Redis, then the model.</summary>
    private static IEmbeddingGenerator<string, Embedding<float>> Embeddings(IServiceProvider services)
    {
        ModelOptions options = services.GetRequiredService<IOptions<ModelOptions>>().Value;
        EmbeddingModel model = services.GetRequiredService<EmbeddingModel>();
        var embeddings = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(ModelRole.Embed);
        // To compute one takes less than to look it up.
        if (options.ProviderOf(ModelRole.Embed) == ModelProvider.Builtin)
            return embeddings;
        if (options.Embed.CacheMinutes > 0)
        {
            embeddings = new SharedEmbeddings(
                embeddings, model, TimeSpan.FromMinutes(options.Embed.CacheMinutes), services.GetRequiredService<BoundedRedis>(),
                services.GetRequiredService<ILogger<SharedEmbeddings>>());
        }

        return new CachedEmbeddings(embeddings, model, options.Embed.CacheEntries);
    }
}
