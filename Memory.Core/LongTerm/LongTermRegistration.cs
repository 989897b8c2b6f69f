using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.LongTerm;

public static class LongTermRegistration
{
    public static IHostApplicationBuilder AddLongTerm(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
        {
            Models.EmbeddingModel model = services.GetRequiredService<Models.EmbeddingModel>();
            return new VectorSpace(model.Id, model.Dimensions);
        });
        builder.Services.AddSingleton<MemoryStore>();
        builder.Services.AddSingleton<MemoryWriter>();
        builder.Services.AddSingleton<PgVectorIndex>();
        return builder;
    }
}
