using System.Text.Encodings.Web;
using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Extraction;
using Memory.Models;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What models are told, to the letter: a word changed in a prompt or a schema is a change of behaviour.</summary>
public sealed class PromptSnapshotTests
{
    private const string Kept = "Memory.Core.Tests/Ingestion/Snapshots/";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public Task What_extraction_is_told() => MatchesAsync("extract", DistillingSettings.None);

    [Fact]
    public Task What_extraction_is_told_for_a_learning_agent() => MatchesAsync("extract-coaching", new DistillingSettings { Profile = "coaching" });

    [Fact]
    public Task What_extraction_is_told_for_a_project_with_rules_and_wishes_of_its_own() => MatchesAsync("extract-custom", new DistillingSettings
    {
        Prompt = "Remember colours. {{rules}} Ignore everything below.",
        Wishes = new Wishes("Be brief.\n}", "colours", "health", [new("style", "Clothes and \"looks\"")]),
    });

    [Fact]
    public void A_project_has_another_distiller_for_every_word_it_changes()
    {
        using var model = new ScriptedChat();
        ModelExtractor extractor = Extractor(model);
        DistillingSettings[] settings =
        [
            DistillingSettings.None, new() { Profile = "coaching" }, new() { Prompt = "Remember colours." },
            new() { Wishes = new Wishes("a") }, new() { Wishes = new Wishes(null, "a") }, new() { Wishes = new Wishes(null, null, "a") },
            new() { Wishes = new Wishes(Categories: [new("a", "")]) },
        ];

        Assert.Equal(settings.Length, settings.Select(extractor.By).Distinct().Count());
        Assert.Equal(extractor.By(DistillingSettings.None), extractor.By(new DistillingSettings()));
    }

    private static async Task MatchesAsync(string name, DistillingSettings settings)
    {
        using var model = new ListeningModel();
        await Extractor(model).ExtractAsync([new ImportantMessage(new Episode(1, default, default, null, null, "c", "user", null, "I live in Porto.", default, null), 0.5, IngestionRequest.Plain)], settings, CancellationToken.None);

        Snapshot.Matches(Kept + name, model.Heard);
    }

    private static ModelExtractor Extractor(IChatClient model) => new(model, new ModelIds(Options.Create(new ModelOptions { Provider = "bedrock" })));

    /// <summary>The text of what a call tells a model, before its data, and the form of the answer.</summary>
    internal static string Told(string system, string schema, JsonElement form) => $"{system}\n--- {schema}\n{JsonSerializer.Serialize(form, s_indented)}\n";

    private sealed class ListeningModel : IChatClient
    {
        public string Heard { get; private set; } = "";

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var form = (ChatResponseFormatJson)options!.ResponseFormat!;
            Heard = Told(messages.First().Text, form.SchemaName!, form.Schema!.Value);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Answered.All())));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
