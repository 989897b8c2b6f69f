using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Memory.Models.Builtin;

namespace Memory.Core.Retrieval;

/// <summary>
/// The words of a question, as the indexes write them: the lexer is Postgres', and nothing else ever splits or stems. The same
/// text gives the same words, so the last ones are kept for a while, under a hash: no question is. Words of asking are left
/// out where there are others.
/// </summary>
public sealed class Lexer(MemoryDb db, TimeProvider time)
{
    private const int MostKept = 4_096;

    private const string Words = "select lexeme from unnest(to_tsvector('english', $1)) order by lexeme";

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(30);

    private Known _known = new(time.GetTimestamp());

    public async Task<IReadOnlyList<string>> WordsAsync(Lane lane, string text, CancellationToken cancellationToken)
    {
        Known known = Current();
        UInt128 key = KeyOf(text);
        if (known.Words.TryGetValue(key, out string[]? words))
            return words;
        words = Telling(await db.QueryAsync(lane.Project, new Sql<string>(Words, row => row.GetString(0), text), cancellationToken));
        known.Add(key, words);
        return words;
    }

    // All at once: what is asked often is soon there again.
    private Known Current()
    {
        Known known = _known;
        if (known.Count < MostKept && time.GetElapsedTime(known.Since) < s_kept)
            return known;
        return _known = new Known(time.GetTimestamp());
    }

    // Half of a SHA-256: nobody finds two texts that have the same.
    private static UInt128 KeyOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    // "What is it like", "tell me": words of asking, which Postgres keeps. Where there are no others, they are what was asked.
    private static string[] Telling(List<string> words)
    {
        string[] telling = [.. words.Where(word => !EnglishWords.IsStopWord(word))];
        return telling.Length > 0 ? telling : [.. words];
    }

    private sealed class Known(long since)
    {
        private int _count;

        internal long Since => since;

        internal int Count => Volatile.Read(ref _count);

        internal ConcurrentDictionary<UInt128, string[]> Words { get; } = new();

        internal void Add(UInt128 key, string[] words)
        {
            if (Words.TryAdd(key, words))
                Interlocked.Increment(ref _count);
        }
    }
}
