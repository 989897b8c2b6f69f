namespace Memory.Bench.Tests.Locomo;

/// <summary>A folder of two short invented conversations, deleted with the test.</summary>
internal sealed class LocomoFolder : IDisposable
{
    internal const string Turns = """
        {"conv": "c1", "session": "S1", "session_time": "2024-03-01T09:00:00", "turn": "D1:1", "speaker": "Ada", "text": "I bought a red kayak."}
        {"conv": "c1", "session": "S1", "session_time": "2024-03-01T09:00:00", "turn": "D1:2", "speaker": "Bo", "text": "Show me!", "caption": "a dog in a boat"}
        {"conv": "c1", "session": "S2", "session_time": "2024-03-08T18:30:00", "turn": "D2:1", "speaker": "Ada", "text": "It leaks."}
        {"conv": "c2", "session": "S1", "session_time": "2024-04-01T10:00:00", "turn": "D1:1", "speaker": "Cy", "text": "I moved to Oslo."}
        """;

    internal const string Questions = """
        {"conv": "c1", "qid": "q1", "question": "What did Ada buy?", "category": "single_hop", "evidence": ["D1:1"]}
        {"conv": "c1", "qid": "q2", "question": "What is wrong with the kayak?", "category": "multi_hop", "evidence": ["D1:1", "D2:1"]}
        {"conv": "c2", "qid": "q3", "question": "Why did Cy leave Rome?", "category": "adversarial", "evidence": ["D1:1"]}

        {"conv": "c2", "qid": "q4", "question": "Is Cy happy?", "category": "open_domain", "evidence": []}
        """;

    internal LocomoFolder(string turns = Turns, string questions = Questions)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "conversations.jsonl"), turns);
        File.WriteAllText(System.IO.Path.Combine(Path, "questions.jsonl"), questions);
    }

    internal string Path { get; } = Directory.CreateTempSubdirectory("bench-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
