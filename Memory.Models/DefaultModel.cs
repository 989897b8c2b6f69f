namespace Memory.Models;

/// <summary>Which model a provider serves a role with, where the settings name none.</summary>
public static class DefaultModel
{
    // The global inference profile works in every region that has the model.
    private const string Haiku = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

    // It answers without a thinking phase: a person waits for the chat, and every message for its extraction.
    private const string Mini = "gpt-4.1-mini";

    /// <param name="provider">One of <see cref="ModelProvider.Known"/>.</param>
    /// <param name="role">One of <see cref="ModelRole.All"/>.</param>
    public static string Of(string provider, string role) => (provider, role) switch
    {
        (ModelProvider.Builtin, ModelRole.Embed) => Builtin.HashedEmbeddings.Model.Id,
        (ModelProvider.Builtin, ModelRole.Chat) => Builtin.BuiltinChatClient.ModelId,
        (ModelProvider.Builtin, _) => "builtin",
        (ModelProvider.Bedrock, ModelRole.Embed) => "amazon.titan-embed-text-v2:0",
        (ModelProvider.Bedrock, _) => Haiku,
        (ModelProvider.OpenAi, ModelRole.Embed) => "text-embedding-3-small",
        (ModelProvider.OpenAi, _) => Mini,
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "Not a provider of models."),
    };
}
