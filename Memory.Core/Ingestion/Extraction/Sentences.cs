using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Cuts a message into statements that each can stand alone, and drops what is none. White space is folded first and every
/// pattern repeats only what the next part cannot match, so that no message takes longer than its length.
/// </summary>
internal static partial class Sentences
{
    /// <summary>Longer ones are no statement of a person about themselves; what follows sees short texts only.</summary>
    internal const int LongestSentence = 500;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@"(?<=[.!?\u2026])[""')\]]{0,3} (?=[""'(\[]{0,3}[\p{Lu}0-9i])|(?<=[.!?]) (?=[\p{So}\p{Cs}])|\n|; ")]
    private static partial Regex End { get; }

    // "e.g. Rome", "Dr. Patel" and "St. Ives" are no ends.
    [GeneratedRegex(@"\b(?<short>Dr|Mr|Mrs|Ms|Prof|St|vs|etc|e\.g|i\.e|approx|No)\. ")]
    private static partial Regex Abbreviated { get; }

    [GeneratedRegex(@"^[^\w]{0,8}(?>(?i:hi|hello|hey|hiya|well|so|oh|ah|and|but|also|anyway|anyhow|actually|honestly|frankly|basically|yes|yeah|yep|yup|no|nope|sure|okay|ok|thanks|thank you|thx|cheers|sorry|oops|wow|great|cool|awesome|nice|perfect|right|look|listen|now|plus|big news|good news|bad news|great news|sad news|update|quick update|small update|guess what|by the way|btw|fyi|tbh|to be honest|in fact|as it happens|turns out|just so you know|just a reminder(?: that)?|a reminder(?: that)?|as a reminder|reminder|for the record|for your information|for context|you should know that|i should mention that|i should say that|i must say|i have to say|i forgot to say that|i forgot to mention that|i(?:'d| would) like you to know that|let me tell you(?: that)?|i told you(?: that)?|as i (?:said|told you|mentioned)(?: before| earlier)?|like i said|did i mention that|nice to meet you|pleased to meet you|haha|hehe|lol|hmm|um|uh|good (?:morning|afternoon|evening)|correction|wait|hang on|hold on|my mistake|my bad|scratch that|whoops|i was wrong|these days|nowadays|at the moment|currently|at present|lately|first of all|firstly|secondly|finally|then|luckily|fortunately|unfortunately|sadly|happily|of course|obviously|apparently|to be fair|speaking of which|one more thing|another thing|today i learned that)\b(?: (?i:there|again|everyone|all|so much|a lot|very much))?(?:,? [A-Z][a-z]{1,30}(?=[,!.]))?[,:!.\u2026\- ]*)+")]
    private static partial Regex LeadIn { get; }

    [GeneratedRegex(@"^(?:please |pls |also |and )?(?:can you |could you |would you |i(?:'d| would) like you to |i want you to |i need you to )?(?:please )?(?:always )?(?:remember|don't (?:ever )?forget|do not forget|never forget|keep in mind|bear in mind|make a (?:mental )?note|take (?:a )?note|note(?: down)?|save|store|memori[sz]e|write down|jot down|put (?:it )?on record|add to (?:your|my) (?:memory|notes))(?: (?:this|it))?(?: (?:for (?:me|later|the future|next time)|down))?(?:(?: that| the fact that| ?[:,-])? )(?<rest>.+?)(?:,? (?:please|ok|okay|for me|for later|for next time))?[?.!]*$", RegexOptions.IgnoreCase)]
    private static partial Regex RememberThat { get; }

    // "Remember to call", "remember when we met": no facts of that form.
    [GeneratedRegex(@"^(?:to|when|how|what|where|who|why|me|us|him|her|them|it|this|you|your|if|whether|everything|all)\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotToRemember { get; }

    [GeneratedRegex(@"^\W{0,4}(?:(?:oh|ah|no|wait|hang on|hold on|hmm|um)\W+)?(?:(?:so |very )?sorry|oops|whoops|correction|my mistake|my bad|scratch that|i (?:made|just made) (?:a|another) (?:mistake|typo)|i got that wrong|i was wrong|i misspoke|that was wrong|that's wrong|that's not right|that was a typo|typo|i meant?(?: to say)?|actually|no,? wait|no,|wait,? no|let me correct (?:that|myself)|to correct myself|not quite)\b|\bi meant(?: to say)?\b|, not (?:on |in |at |the )?[\w ]{1,30}[.!]?$|\bnot (?:on )?[\w ]{1,30},? but (?:on )?\w|\b(?:i was wrong about|i told you (?:the )?wrong|i gave you (?:the )?wrong)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Correction { get; }

    [GeneratedRegex(@"\b(?:just kidding|jk|i'm (?:just |only )?(?:kidding|joking|teasing)|(?:that was|just) a joke|said no one ever|i'm being sarcastic|sarcasm|yeah,? right|pull(?:ing)? your leg)\b|(?:^|\s)/s\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotSerious { get; }

    [GeneratedRegex(@", (?:you know|remember|as you know|you see|ok|okay|haha|by the way|you understand)\?$", RegexOptions.IgnoreCase)]
    private static partial Regex HarmlessTag { get; }

    /// <summary>The statements of a text, lead-ins off; and what is asked to be forgotten.</summary>
    internal static IEnumerable<Said> Of(string text)
    {
        bool opens = true, corrects = false;
        string? before = null;
        string[] sentences = [.. Whole(text)];
        if (Array.Exists(sentences, sentence => sentence.Length <= LongestSentence && NotSerious.IsMatch(sentence)))
            yield break;
        foreach (string sentence in sentences)
        {
            bool isCorrection = corrects || Correction.IsMatch(sentence);
            Said[] statements = ForgetCue.Of(sentence) is { } forget
                ? [new Said(sentence, sentence, false, false, false) { Forget = forget }]
                : [.. Statements(sentence, opens, isCorrection, before)];
            foreach (Said said in statements)
                yield return said;
            // "My mistake." belongs to what comes next.
            corrects = isCorrection && statements.Length == 0;
            before = statements is [.., var last] ? last.Text : before;
            opens &= LeadIn.Replace(sentence, "").Length == 0;
        }
    }

    /// <summary>The sentences of a text, in its writer's own words; those that are too long for one are left out.</summary>
    internal static IEnumerable<string> Whole(string text)
    {
        string folded = Spaces.Replace(Spelling.Regular(Transcript.Without(PastedText.Of(text).Own).Trim()), match => match.ValueSpan.Contains('\n') ? "\n" : " ");
        var headed = false;
        foreach (string part in End.Split(Abbreviated.Replace(folded, "${short}\u2024 ")))
        {
            string line = part.Replace('\u2024', '.').Trim();
            if (line.Length is 0 or > LongestSentence)
                continue;
            if (Sheet.IsHeading(line))
                headed = true;
            else
                yield return Sheet.Sentence(line, headed) ?? line;
        }
    }

    private static IEnumerable<Said> Statements(string sentence, bool opens, bool isCorrection, string? before)
    {
        string bare = HarmlessTag.Replace(LeadIn.Replace(sentence, ""), ".");
        Match asked = RememberThat.Match(sentence) is { Success: true } first ? first : RememberThat.Match(bare);
        bool isExplicit = asked.Success && !NotToRemember.IsMatch(asked.Groups["rest"].Value);
        if (isExplicit)
            bare = asked.Groups["rest"].Value;
        if (bare.Length == 0 || (!isExplicit && bare.EndsWith('?')) || Unreal.IsIn(bare))
            yield break;
        foreach (string clause in Clauses.Of(bare, before))
        {
            string statement = Ending.Off(clause);
            if (statement.Length > 0)
                yield return new Said(statement, sentence, isExplicit, opens, isCorrection);
            opens = false;
        }
    }

    /// <param name="Sentence">What it stands in, as it was said.</param>
    /// <param name="Explicit">It was asked to be remembered.</param>
    /// <param name="Opens">Nothing but a greeting came before it.</param>
    /// <param name="Corrects">It takes an earlier word back.</param>
    internal sealed record Said(string Text, string Sentence, bool Explicit, bool Opens, bool Corrects)
    {
        /// <summary>It is no statement but asks for that.</summary>
        public LongTerm.ForgetRequest? Forget { get; init; }
    }
}
