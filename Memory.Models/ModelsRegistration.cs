using Memory.Models.Builtin;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Models;

public static class ModelsRegistration
{
    /// <summary>
    /// The models by configuration: <see cref="IChatClient"/>, <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> and the
    /// <see cref="EmbeddingModel"/> it makes. An unknown provider fails at start.
    /// </summary>
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>());

        builder.Services.AddSingleton<IChatClient, BuiltinChatClient>();
        builder.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>, HashedEmbeddings>();
        builder.Services.AddSingleton(HashedEmbeddings.Model);
        return builder;
    }
}
