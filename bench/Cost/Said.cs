namespace Memory.Bench.Cost;

/// <summary>One message of a conversation, whoever's memory it goes to.</summary>
internal sealed record Said(string User, string Run, string Role, string? Name, string Text, DateTimeOffset At);
