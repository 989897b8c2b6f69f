using System.Text.RegularExpressions;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction.Rules;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>A message of a person, and the facts that its statements give.</summary>
internal sealed partial class SpokenMessage(Episode episode, double importance)
{
    private const int LongestFact = 500;
    private const int FewestWords = 3;

    private readonly string _speaker = string.IsNullOrWhiteSpace(episode.Name) ? "User" : episode.Name.Trim();

    [GeneratedRegex(@"\b(?:now|nowadays|new|any ?more|any longer|no longer|switched|changed|moved|became|become|instead|these days|these last|since)\b", RegexOptions.IgnoreCase)]
    private static partial Regex News { get; }

    [GeneratedRegex(@"^ (?:is|has|stays?|works? from)\b")]
    private static partial Regex Present { get; }

    [GeneratedRegex(@"\b(?:until|till|through|'til)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Until { get; }

    [GeneratedRegex($@"\bfor (?:the (?:next|rest of the) )?(?<n>\d{{1,2}}|an?|{Numbers.Words}|a couple of|a few|some|week|day|weekend)(?: (?<unit>day|night|week|month)s?)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Lasting { get; }

    [GeneratedRegex(@"^(?:remind me (?:to|about|of|that I (?:need|have) to)|don't let me forget (?:to|about)|I need (?:you to remind me|a reminder) (?:to|about|of)|(?:to-?do|todo)(?: list)?:?|I need reminding to|set a reminder (?:to|for)|make sure I don't forget to|help me remember to|I mustn't forget to|I can't forget to) (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Reminder { get; }

    [GeneratedRegex(@"^(?:(?:that|this|it)(?:'s| is| has been| was)(?: all| now| finally| already)* (?:done|sorted|finished|taken care of|dealt with|settled|resolved|fixed|handled|completed?)|all (?:done|sorted|finished)|done(?: and dusted)?|sorted|I (?:did|made|finished|managed) it|I(?:'ve| have) (?:done|finished|managed|made) it|we (?:did|made) it|mission accomplished|goal achieved|got it done|nailed it|finally (?:done|made it|did it))(?: (?:now|today|yesterday|at last|finally|already|then|too))*$", RegexOptions.IgnoreCase)]
    private static partial Regex Done { get; }


    internal IEnumerable<Fact> FactsOf(Sentences.Said said)
    {
        if (said.Forget is { } request)
            return [Make(ForgetRequest.Content, new Topic(MemoryKind.Fact, null, importance), said) with { Forget = request }];
        if (Done.IsMatch(said.Text))
            return [Make($"{_speaker} got it done", new Topic(MemoryKind.Event, null, 0.4), said)];

        if (Instruction.Of(said.Text, _speaker) is { } instruction)
            return [Make(instruction.Content, new Topic(MemoryKind.Instruction, instruction.Attribute, 0.9), said)];
        return FactOf(said) is { } fact ? Lists.Apart(fact.Content).Select(content => content == fact.Content ? fact : One(fact, content)) : [];
    }

    private Fact? FactOf(Sentences.Said said)
    {
        if (!said.Explicit && Chatter.Is(said.Text))
            return null;
        Timed timed = TimeWords.Read(said.Text, episode.OccurredAt, Schedules.IsHabit(said.Text));
        string text = timed.Text;
        string? content = Reminder.Match(text) is { Success: true } reminder ? $"{_speaker} needs to {Statement.InThirdPerson(reminder.Groups["what"].Value)}"
            : Progressing.Heard(text, _speaker) ?? Statement.AboutSpeaker(text, _speaker, said.Opens) ?? Statement.AboutNamed(text)
            ?? (said.Explicit ? Statement.Plain(text) : null);
        if (content is null || content.Length > LongestFact || content.Split(' ').Length < FewestWords)
            return null;
        Topic topic = Topic.Of(content, _speaker, News.IsMatch(said.Text));
        if (topic.IsLoose && !said.Explicit && (topic.IsLost || !Worth.IsKept(content, _speaker, timed.From is not null)))
            return null;
        if (!said.Explicit && Worth.IsToListener(content))
            return null;
        if (topic.Content is { } better)
            content = $"{_speaker}{better}";
        return Lasts(Make(content, topic, said), topic, timed);
    }

    private Fact Make(string content, Topic topic, Sentences.Said said) => new(
        content, topic.Kind, string.IsNullOrWhiteSpace(episode.Name) ? topic.Attribute : Qualified(topic.Attribute),
        Importance: Math.Max(importance, topic.Importance), Confidence: said.Explicit ? 0.95 : 0.8, Trusted: true,
        Source: "user", SourceSeqs: [episode.Seq], At: episode.OccurredAt)
    {
        AgentId = episode.AgentId,
        AppId = episode.AppId,
        RunId = episode.RunId,
        Metadata = episode.Metadata,
        Relations = [.. topic.Relations.Select(relation => relation with { Entity = People.WithAliases(relation.Entity, said.Sentence) })],
        Entities = [.. topic.Entities.Select(entity => People.WithAliases(entity, said.Sentence))],
        Stage = topic.Stage,
        IsFixed = topic.IsFixed,
        IsCorrection = said.Corrects,
    };

    // "Polish and German" are two, each with a slot of its own.
    private Fact One(Fact fact, string content)
    {
        Topic topic = Topic.Of(content, _speaker);
        return fact with { Content = content, Attribute = string.IsNullOrWhiteSpace(episode.Name) ? topic.Attribute : Qualified(topic.Attribute) };
    }

    // What holds for a while has a last day and takes no lasting value's place.
    private Fact Lasts(Fact fact, Topic topic, Timed timed)
    {
        var today = DateOnly.FromDateTime(episode.OccurredAt.DateTime);
        string predicate = fact.Content.StartsWith(_speaker, StringComparison.Ordinal) ? fact.Content[_speaker.Length..] : fact.Content;
        bool isState = Present.IsMatch(predicate) && fact.Kind is MemoryKind.Event or MemoryKind.Profile or MemoryKind.Fact && !predicate.StartsWith(" is called", StringComparison.Ordinal);
        DateOnly? last = !isState || !Present.IsMatch(predicate) ? null
            : timed.From is { } end && Until.IsMatch(fact.Content) && end >= today ? end
            : timed.Until is { } until && until >= today && timed.From <= today ? until
            : topic.Days is { } days && timed.From is null ? LastOf(predicate, today, days)
            : null;
        if (last is null)
            return fact with { ValidFrom = timed.From is { } from && !Until.IsMatch(fact.Content) ? Midnight(from) : null };
        return fact with
        {
            Content = timed.From is null ? $"{fact.Content} as of {Calendar.Day(today)}" : fact.Content,
            Kind = MemoryKind.Event,
            Attribute = null,
            ValidFrom = Midnight(timed.From is { } start && !Until.IsMatch(fact.Content) ? start : today),
            ExpiresOn = last,
        };
    }

    private static DateOnly LastOf(string predicate, DateOnly today, int days)
    {
        if (Lasting.Match(predicate) is not { Success: true } lasting)
            return today.AddDays(days);
        int n = Numbers.Of(lasting.Groups["n"].Value) ?? (lasting.Groups["n"].Value is "a few" or "some" ? 4 : 1);
        return lasting.Groups["unit"].Value switch { "week" => today.AddDays(7 * n), "month" => today.AddMonths(n), _ => lasting.Groups["n"].Value == "week" ? today.AddDays(7) : today.AddDays(n) };
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    // In a conversation of several people each has a home and a job of their own.
    private string? Qualified(string? attribute) =>
        attribute is null ? null : $"{attribute} of {_speaker}";
}
