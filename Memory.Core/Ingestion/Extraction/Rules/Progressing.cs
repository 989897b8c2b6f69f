using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>How far somebody has come with something: heard of it, looked into it, does it, gave it up.</summary>
internal static partial class Progressing
{
    internal const string Slot = "progress of ";

    private const string Has = $@"^ (?:has )?(?:(?:already|also|been|just|recently|finally|now|currently|{EnglishVerbs.Adverb}) )*";

    [GeneratedRegex($@"{Has}(?:heard (?:(?:a (?:lot|bit)|something|good things|more|great things) )?(?:about|of)|came across|come across|stumbled (?:upon|across|on)|discovered|learn(?:ed|t) (?:about|of)|found out about|was told about|saw (?:something|a post|an ad|a video|an article|a mention) (?:about|of|on)|read (?:the|a) name|noticed|got told about|was introduced to|got introduced to|bumped into the idea of|picked up on|caught wind of|spotted) (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Mentioned { get; }

    [GeneratedRegex(@"^(?:(?:a|my|our) (?:friend|colleague|coworker|neighbou?r|boss|teacher|sister|brother|coach|doctor|cousin|mate)|someone|somebody) (?:told me about|mentioned|recommended|showed me|introduced me to|suggested) (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex ToldOf { get; }

    [GeneratedRegex($@"{Has}(?:(?:read|reading|watched|watching|listened to|listening to|saw|skimmed|browsed) (?:(?:up|more|lots of|lots|some|something|a couple of|a lot of|a lot|a bit|a few|several|many|two|three|four|five|\d+|an?|the|my first|another|through|into) )*(?:(?:\w+ )?(?:books?|articles?|videos?|posts?|papers?|tutorials?|documentar(?:y|ies)|podcasts?|guides?|blogs?|talks?|threads?|chapters?|courses?|documentation|docs|reviews|introduction|lectures?|episodes?) )?(?:about|on|regarding|covering|into)|(?:is |was )?(?:looked|looking|looks) into|(?:is |was )?research(?:ed|ing|es)|(?:is |was |has been )?studying|studied|(?:is |was )?tr(?:ied|ying) to (?:understand|learn|figure out|get (?:my|their) head around)|(?:is |was |has been |started |began )?(?:learning|reading up on|reading about|practi[cs]ing|experimenting with|getting into|dabbling in)(?: (?:about|how to|to|the basics of|some|a bit of))?|started to learn(?: about)?|took up|taking up|is taking (?:up |lessons in |an? (?:\w+ )?(?:course|class|lesson)s? (?:on|in|about) )|(?:took|did|attended|joined|completed|finished|signed up for|enrolled in|is doing|is taking|started|began) (?:an? |the |my |their |my first |some )?(?:\w+ )?(?:course|class|workshop|lesson|tutorial|webinar|bootcamp)(?:es|s)? (?:on|in|about|for)|tried(?: out)?|tested|gave|experimented with|explored|explores|is exploring|dabbled in|compared|is on (?:lesson|chapter|unit|level|module|week|part) \d+ (?:of|in)) (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Explored { get; }

    [GeneratedRegex($@"{Has}(?:(?:now |actually |successfully |regularly )*(?:uses?|used|using|applies|applied|put|implemented|deployed|is using|implements|set up|has set up|mastered|adopted|integrated|relies on|practises|practices)) (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Applied { get; }

    [GeneratedRegex($@"{Has}(?:stopped|quit|gave up(?: on)?|given up(?: on)?|dropped|abandoned|ditched|lost interest in|no longer (?:uses?|learns?|is (?:learning|studying|practi[cs]ing|into|using|doing)|does|studies|practi[cs]es)|is done with|is through with|moved on from|put aside|let go of|fell off the wagon with|packed in|is not going (?:back|to continue with)|isn't (?:learning|studying|using|practi[cs]ing|doing)) (?:(?:trying to )?(?:learn|learning|studying|study|using|practi[cs]ing|doing|taking|reading about|going to|playing|with) )?(?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Dropped { get; }

    [GeneratedRegex(@"^ (?:hasn't|has not|haven't) (?:opened|touched|used|done|practi[cs]ed|looked at|been to|picked up|played|continued|studied|gone to|baked|made|tried) (?<what>.+?) (?:in|for|since) (?:months|weeks|ages|years|a (?:long time|while|year|month)|\w+ (?:months|weeks|years)|forever|\w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Untouched { get; }

    [GeneratedRegex(@"^(?:(?:the|a|an|my|their|some|more|any|how to|to|all|this|that|it's|with|about|basics of|of|using|learning|doing|making|playing) )+", RegexOptions.IgnoreCase)]
    private static partial Regex Article { get; }

    [GeneratedRegex(@"(?:,| -|;|:| (?:and (?=\w+ed\b|watch|read|did|it|they)|because|but|so|which|that|who|when|while|with|from|for|at|in (?=\d{4}|the (?:morning|evening|week|news))|on (?=\d{4}|the (?:radio|news|train|bus|weekend)|youtube|tv|a )|every|each|again|today|yesterday|last|since|until|any ?more|a try|a go|into practice|to (?=make|build|write|do|plan|track|help|improve|manage)|by|via|through|at all|lately|recently|altogether|completely|after|before|this|these|as|twice|once|almost|daily|regularly|now|for good|and their)\b).*$", RegexOptions.IgnoreCase)]
    private static partial Regex Tail { get; }

    [GeneratedRegex(@"^(?:it|this|that|them|these|those|him|her|you|your|people|someone|something|anything|everything|a lot|so many|what|how|why|my|their (?:job|work|boss|family|house)|smoking|drinking|eating|working|worrying|complaining|time|money|the (?:bus|train|car|phone|toilet|light|news)|at|by|a (?:picture|photo|break|walk|nap|look|bath|seat|bus|train|taxi)|crying|laughing|talking|by)\b|^.{0,2}$", RegexOptions.IgnoreCase)]
    private static partial Regex NoItem { get; }

    // Both are said of things that one does not learn.
    [GeneratedRegex($@"{Has}(?:stopped|quit|gave up|tried|gave|dropped|noticed|spotted|used|uses?|set up|put|saw|adopted|tested|explored|found) ", RegexOptions.IgnoreCase)]
    private static partial Regex Ordinary { get; }

    [GeneratedRegex(@"\b(?:learn\w*|study\w*|practi[cs]ing|courses?|class(?:es)?|lessons?|tutorials?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Lessons { get; }

    internal static Topic? Of(string said)
    {
        (string? stage, Match match) = Dropped.Match(said) is { Success: true } dropped ? (ProgressStage.Dropped, dropped)
            : Untouched.Match(said) is { Success: true } untouched ? (ProgressStage.Dropped, untouched)
            : Mentioned.Match(said) is { Success: true } mentioned ? (ProgressStage.Mentioned, mentioned)
            : Explored.Match(said) is { Success: true } explored ? (ProgressStage.Explored, explored)
            : Applied.Match(said) is { Success: true } applied ? (ProgressStage.Applied, applied) : (null, Match.Empty);
        if (stage is null || ItemOf(match.Groups["what"].Value) is not { } item)
            return null;
        bool isGiven = said.Contains(" gave ", StringComparison.Ordinal) && stage == ProgressStage.Explored;
        if (isGiven && !said.Contains(" a try", StringComparison.Ordinal) && !said.Contains(" a go", StringComparison.Ordinal))
            return null;
        return new Topic(MemoryKind.Progress, $"{Slot}{item}", 0.5)
        {
            Stage = stage,
            // "Hasn't opened the app in months" says only between the lines that it was given up.
            Content = Untouched.IsMatch(said) ? $" gave up {match.Groups["what"].Value}" : null,
            IsGuess = Ordinary.IsMatch(said) && !Lessons.IsMatch(said),
        };
    }

    /// <summary>What somebody was told of, as a fact of the speaker's: "A friend told me about chi gong".</summary>
    internal static string? Heard(string text, string speaker) =>
        ToldOf.Match(text) is { Success: true } told && ItemOf(told.Groups["what"].Value) is { } ? $"{speaker} heard about {told.Groups["what"].Value}" : null;

    /// <summary>"sourdough bread" out of "the sourdough bread from the market"; null where nothing is named.</summary>
    internal static string? ItemOf(string what)
    {
        if (NoItem.IsMatch(what))
            return null;
        string item = Article.Replace(Tail.Replace(what, "").Trim(), "").Trim();
        return item.Length < 3 || item.Split(' ').Length > 4 || NoItem.IsMatch(item) || ContentWords.Of(item).Count == 0 ? null : item;
    }
}
