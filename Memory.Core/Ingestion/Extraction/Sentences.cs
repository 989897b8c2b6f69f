using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Cuts a message into statements that each can stand alone, and drops what is none. White space is folded first and every
/// pattern repeats only what the next part cannot match, so that no message takes longer than its length.
/// </summary>
internal static partial class Sentences
{
    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@"(?<=[.!?])[""')\]]{0,3} (?=[""'(\[]{0,3}[A-Z0-9])|\n|; ")]
    private static partial Regex End { get; }

    // "I moved to Lisbon, so I live there now": two statements of the same speaker; "my cat and my dog" is none of its own.
    [GeneratedRegex(@"(?:, ?(?:(?:and|so|but|because) )?| (?:and|but|so) )(?=(?:I|we)\b|(?:my|our) [\w' ]{1,40}? (?:is|isn't|are|was|were|has|had|lives?|works?|loves?|likes?|wants?|goes|moved|died|got)\b)")]
    private static partial Regex Clause { get; }

    [GeneratedRegex(@"^[^\w]{0,8}(?>(?i:hi|hello|hey|well|so|oh|ah|and|but|also|anyway|actually|honestly|yes|yeah|yep|no|nope|sure|okay|ok|thanks|thank you|sorry|wow|great|cool|right|look|listen|big news|good news|guess what|by the way|btw|fyi|just so you know|for the record|please note that|note that|you should know that|i should mention that|i forgot to say that|nice to meet you|good (?:morning|afternoon|evening))\b(?: (?i:there))?(?:,? [A-Z][a-z]{1,30}(?=[,!.]))?[,:!.\- ]*)+")]
    private static partial Regex LeadIn { get; }

    // "I'm Zoe, a nurse": who, and what.
    [GeneratedRegex(@"^(?<who>I(?:'m| am) \p{Lu}\p{Ll}{1,30}), (?=an? )")]
    private static partial Regex Introduction { get; }

    [GeneratedRegex(@"^(?:please )?(?:can you |could you )?(?:remember|don't forget|do not forget|keep in mind|make a note|note)(?: that| ?:)? ", RegexOptions.IgnoreCase)]
    private static partial Regex RememberThat { get; }

    // Asked, imagined or wished is not said to be so.
    [GeneratedRegex(@"^(?:if|suppose|imagine|what if|maybe|perhaps|let's say|say)\b|\b(?:I wish|if I|if we|I might|I'd (?:love|like) to know|I wonder)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Unreal { get; }

    /// <summary>The statements of a text, lead-ins off.</summary>
    internal static IEnumerable<Said> Of(string text)
    {
        bool opens = true;
        string folded = Spaces.Replace(text.Trim().Replace('\u2019', '\''), match => match.ValueSpan.Contains('\n') ? "\n" : " ");
        foreach (string sentence in End.Split(folded))
        {
            string trimmed = LeadIn.Replace(sentence.Trim(), "");
            bool isExplicit = RememberThat.IsMatch(trimmed);
            trimmed = RememberThat.Replace(trimmed, "");
            if (trimmed.Length == 0)
                continue;
            if (!trimmed.EndsWith('?') && !Unreal.IsMatch(trimmed))
            {
                foreach (string clause in Clause.Split(Introduction.Replace(trimmed, "${who}, I'm ")))
                {
                    string statement = clause.Trim().TrimEnd('.', '!', ',', ' ');
                    if (statement.Length > 0)
                        yield return new Said(statement, isExplicit, opens);
                    opens = false;
                }
            }

            opens = false;
        }
    }

    /// <param name="Explicit">It was asked to be remembered.</param>
    /// <param name="Opens">Nothing but a greeting came before it.</param>
    internal readonly record struct Said(string Text, bool Explicit, bool Opens);
}
