namespace Memory.Models.OpenAi;

/// <summary>What one role's chats are answered by, and how they are asked.</summary>
/// <param name="Id">As the endpoint knows it.</param>
/// <param name="Limits">The role's, where a call says nothing else.</param>
internal sealed record OpenAiChatModel(string Id, OpenAiEndpoint Endpoint, RoleOptions Limits, StructuredBy StructuredBy);
