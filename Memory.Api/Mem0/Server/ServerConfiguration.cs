using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.LongTerm;
using Memory.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mem0.Server;

/// <summary>/configure and /generate-instructions: what runs is shown, and is not changed from outside.</summary>
internal static class ServerConfiguration
{
    internal static async Task<Ok<ConfigurationAnswer>> GetAsync(
        Caller caller, DistillingStore store, VectorSpace space, IOptions<ModelOptions> models, CancellationToken cancellationToken)
    {
        DistillingSettings settings = await store.ReadAsync(caller.Principal.Project, cancellationToken);
        return TypedResults.Ok(new ConfigurationAnswer(
            "v1.1",
            new Part(models.Value.ProviderOf(ModelRole.Extract), null),
            new Part(models.Value.ProviderOf(ModelRole.Embed), new EmbedderPart(space.Model, space.Dimensions)),
            new Part("pgvector", null),
            settings.Wishes.CustomInstructions,
            new Limits(EpisodeLog.MaxMessages, NewMessage.MaxContentLength, DirectWriter.MaxContentLength, MemoryScope.MaxIdLength, ManyWrites.Most)));
    }

    /// <summary>Whoever could name another model's address would have every message sent there.</summary>
    internal static IResult Refuse() =>
        throw new ForbiddenException("Models and stores are configured where the service is started, never over the network; GET /configure shows what runs.");

    internal static Ok<ProvidersAnswer> Providers() => TypedResults.Ok(new ProvidersAnswer(ModelProvider.Known, ModelProvider.Known));

    /// <summary>From a fixed form: no model is asked.</summary>
    internal static Ok<InstructionsAnswer> Generate(UseCaseBody body)
    {
        string useCase = string.IsNullOrWhiteSpace(body.UseCase)
            ? throw new InvalidInputException("use_case", "use_case is blank: say what the memory is for.")
            : new Wishes(body.UseCase).Checked().CustomInstructions!;
        return TypedResults.Ok(new InstructionsAnswer(
            $"Remember what helps with this: {useCase}\nKeep lasting facts, preferences, goals and decisions that bear on it. Leave out small talk, and whatever holds for this moment only.",
            $"I would like help with this: {useCase}"));
    }

    internal sealed record ConfigurationAnswer(string Version, Part Llm, Part Embedder, Part VectorStore, string? CustomInstructions, Limits Limits);

    internal sealed record Part(string Provider, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EmbedderPart? Config);

    internal sealed record EmbedderPart(string Model, int EmbeddingDims);

    /// <param name="Messages">Of one request.</param>
    /// <param name="MessageCharacters">Of one message, with <paramref name="MemoryCharacters"/> of one memory and <paramref name="IdCharacters"/> of one id.</param>
    internal sealed record Limits(int Messages, int MessageCharacters, int MemoryCharacters, int IdCharacters, int BatchMemories);

    internal sealed record ProvidersAnswer(IReadOnlyList<string> Llm, IReadOnlyList<string> Embedder);

    internal sealed record UseCaseBody(string? UseCase);

    internal sealed record InstructionsAnswer(string CustomInstructions, string TestMessage);
}
