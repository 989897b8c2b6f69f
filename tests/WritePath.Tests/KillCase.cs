using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>What is said in one case, and when its fail point fires, drawn from a seed.</summary>
internal sealed class KillCase
{
    private readonly List<(Conversation Talk, int[] Sizes)> _talks = [];

    /// <param name="mark">What the models do with some message of each user; null: nothing special.</param>
    public KillCase(string point, int seed, string? mark = null)
    {
        // The same in every process, which a string's own hash is not.
        Seed = (point.Sum(c => c) * 100) + seed;
        var random = new Random(Seed);
        At = random.Next(1, 3);
        string name = $"{string.Concat(point.Where(char.IsLetter))}{seed}";
        int users = random.Next(2, 4);
        for (var user = 0; user < users; user++)
        {
            // More than one batch of five, so that each point is met at least twice.
            int[] sizes = [.. Enumerable.Range(0, 3).Select(_ => random.Next(2, 5))];
            var marks = new Dictionary<int, string>();
            if (mark is not null)
                marks[random.Next(1, sizes.Sum() + 1)] = mark;
            _talks.Add((new Conversation($"{name}u{user}") { Marks = marks }, sizes));
        }
    }

    public int Seed { get; }

    /// <summary>At which time the point fires.</summary>
    public int At { get; }

    public IReadOnlyList<string> Users => [.. _talks.Select(one => one.Talk.User)];

    /// <summary>All users say a part of what they have to say, each in order, each until it is acknowledged.</summary>
    /// <param name="parts">Which of three.</param>
    public Task SayAsync(RigClient client, IReadOnlyList<Uri> apis, Range parts) => Task.WhenAll(_talks.Select(async one =>
    {
        foreach ((string key, IReadOnlyList<string> texts) in one.Talk.Appends(one.Sizes).Take(parts))
            await client.InsistAsync(apis, one.Talk.User, key, texts);
    }));
}
