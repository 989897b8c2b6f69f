using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What somebody tells the assistant to do from now on; what is to be done once is none.</summary>
/// <param name="Content">In words that stand alone.</param>
/// <param name="Attribute">What there is one standing instruction of, such as the language of answers; else null.</param>
internal sealed partial record Instruction(string Content, string? Attribute)
{
    private const string Asking = @"^(?:(?:please|pls|kindly|just|and|also|so|ok|okay|then) ,? ?)*(?:(?:can|could|would|will) you (?:please )?|i(?:'d| would) (?:like|prefer|appreciate it if) you (?:to |would )?|i(?:'d| would) (?:prefer|like) (?:it )?if you |i (?:want|need|prefer|expect) you to |i (?:want|prefer|like) it when you |you (?:should|must|need to|have to|can) |make sure (?:to |you |that you )|be sure to |try to |let's have you )?(?:please )?";

    private const string Standing = @"(?:always|never|from now on|from here on|going forward|in (?:the )?future|henceforth|every time|each time|whenever|by default|at all times|any ?more|for all (?:future|your) |as a rule|in all (?:your|our) (?:answers|replies|chats|conversations)|in every (?:answer|reply|chat|conversation))";

    private const string Doing =
        @"(?:answer|reply|respond|write|speak|talk|use|keep(?! up| it up| going| on| pushing| in touch| me posted| smiling)|be|give|call|address|refer|show|explain|format|start|end|begin|finish|include|add|ask|tell|avoid|stop|remind|put|sign|translate|convert|cite|quote|list|stick|assume|prefer|treat|check|suggest|recommend|offer|don't|do not|skip|leave out|leave|limit|mention|greet|summari[sz]e|send|make|say|think|provide|phrase|spell|round|discuss|bring up|repeat|apologi[sz]e|swear|joke|text|message|follow|order|book)";

    [GeneratedRegex($@"{Asking}(?:{Standing},? (?:please )?{Doing}\b.*|{Doing}\b.*\b{Standing}\b.*|(?:when(?:ever)?|if|each time|every time) (?:you|i|we) [^,]{{3,60}}, (?:please |always |never )*{Doing}\b.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Lasting { get; }

    // How to answer is said once and meant for good.
    [GeneratedRegex($@"{Asking}(?:(?:answer|reply|respond|write|speak|talk|explain|phrase)(?: (?:to me|me|things|everything|to my \w+|your answers))? (?:only |just )?(?:in|with|using|like|as (?:if|though)) (?:(?:very |more |really )?(?:short|brief|simple|plain|concise|long|formal|informal|casual|full|complete|bullet|british|american|layman|one|two|few|only|a |an |my |the |no|metric|imperial|german|french|spanish|italian|portuguese|dutch|polish|english|swedish|danish|russian|japanese|chinese|turkish|greek|arabic|hindi|korean|\w+ (?:points|sentences|words|paragraphs|tone|style|language|terms|english)))\b.*|(?:keep|make) (?:your |the |all |all your )?(?:answers?|replies|responses?|messages?|explanations?|tone|language|things|it) (?:very |more |as |really |nice and )*(?:short|brief|simple|concise|formal|informal|casual|friendly|polite|long|detailed|under|below|to (?:a|one|two|three|\d|the)|short and|professional|light)\b.*|be (?:more |less |very |really |a bit (?:more|less) )*(?:brief|concise|formal|informal|casual|direct|blunt|honest|polite|friendly|funny|serious|detailed|verbose|critical|patient|wordy|chatty|gentle|strict) ?(?:with me|in your \w+|when .*|please)?|(?:don't|do not|stop|avoid|no need to|never) (?:ever )?(?:us(?:e|ing)|add(?:ing)?|writ(?:e|ing)|includ(?:e|ing)|call(?:ing)? me|send(?:ing)?|mak(?:e|ing)|giv(?:e|ing) me|suggest(?:ing)?|recommend(?:ing)?|ask(?:ing)?(?: me)?|apologi[sz](?:e|ing)|start(?:ing)?|end(?:ing)?|remind(?:ing)? me|talk(?:ing)? to me (?:about|like)|mention(?:ing)?|put(?:ting)?|repeat(?:ing)?|say(?:ing)?|flatter(?:ing)?|sugar-?coat(?:ing)?|swear(?:ing)?|lectur(?:e|ing)|begin(?:ning)?|explain(?:ing)?)\b.*|use (?:only )?(?:the )?(?:metric|imperial|celsius|fahrenheit|british|american|24|12|bullet|simple|plain|short|formal|informal|my (?:first|last|nick)|emojis?|more|fewer|less|kilomet|kilograms?|miles|euros?|dollars?|pounds|tables?|markdown|he/him|she/her|they/them|gender)\b.*|(?:no|fewer|less|more) (?:emojis?|jargon|bullet points|exclamation marks|small talk|jokes|markdown|abbreviations|swearing|slang|details?)\b.*|(?:address|refer to) me (?:as|by|with)\b.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Manner { get; }

    [GeneratedRegex(@"^(?:(?:please |just |so )*(?:call me|refer to me as|address me as)|(?:you can|you may|you should|people|they|friends|my friends|everyone|everybody|most people) (?:all )?(?:just )?(?:call|calls) me|i(?:'d| would) (?:like|prefer) (?:you to call me|to be called|being called)|i (?:go by|prefer to be called|like to be called|am called|'m called|want to be called)|i'm called) (?<name>(?-i:\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*))", RegexOptions.IgnoreCase)]
    private static partial Regex CallMe { get; }

    [GeneratedRegex(@"\b(?:this (?:time|one|email|text|letter|question|sentence|code)|tell me a|write (?:me )?an? (?:poem|story|joke|email|letter|song|essay)|right now|for now|just this once|today only)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Once { get; }

    [GeneratedRegex(@"\b(?:(?<me>me)|(?<mine>my|mine)|(?<I>I'm|I am|I))\b")]
    private static partial Regex Person { get; }

    [GeneratedRegex(@"^(?:(?:please|pls|kindly|just|and|also|so|ok|okay|then)[ ,]+)+|^(?:can|could|would|will) you (?:please )?|^i(?:'d| would) (?:like|prefer) you to |^i (?:want|need|expect) you to |^you (?:should|must|need to|have to) |^(?:from now on|from here on|going forward|in (?:the )?future|henceforth),? (?:please )?|(?:,? (?:please|from now on|going forward|in future|in the future|thanks|thank you|ok|okay))+$", RegexOptions.IgnoreCase)]
    private static partial Regex Politeness { get; }

    private static readonly (Regex What, string Attribute)[] s_topics =
    [
        (new Regex(@"\b(?:german|french|spanish|italian|portuguese|dutch|polish|english|swedish|danish|russian|japanese|chinese|turkish|greek|arabic|hindi|korean)\b", RegexOptions.IgnoreCase), "language of answers"),
        (new Regex(@"\b(?:short|brief|concise|long|detailed|verbose|wordy|chatty|length|under \d|in (?:one|two|a few) (?:sentence|word|line)s?)\b", RegexOptions.IgnoreCase), "length of answers"),
        (new Regex(@"\bemojis?\b", RegexOptions.IgnoreCase), "emojis in answers"),
        (new Regex(@"\b(?:formal|informal|casual|tone)\b", RegexOptions.IgnoreCase), "tone of answers"),
        (new Regex(@"\b(?:metric|imperial|celsius|fahrenheit|kilomet\w+|miles)\b", RegexOptions.IgnoreCase), "units in answers"),
        (new Regex(@"\bbullet", RegexOptions.IgnoreCase), "bullet points in answers"),
    ];

    /// <returns>Null: it is no standing instruction.</returns>
    internal static Instruction? Of(string statement, string speaker)
    {
        if (CallMe.Match(statement) is { Success: true } called)
            return new Instruction($"{speaker} wants to be called {called.Groups["name"].Value}", "form of address");
        if (Once.IsMatch(statement) || Unreal.IsInjected(statement) || !(Lasting.IsMatch(statement) || Manner.IsMatch(statement)))
            return null;
        string plain = Politeness.Replace(Politeness.Replace(statement, ""), "");
        string content = Person.Replace(plain, match => match.Groups["mine"].Success ? $"{speaker}'s" : match.Groups["I"].Success && match.Length > 1 ? $"{speaker} is" : speaker);
        return content.Length == 0 ? null : new Instruction(char.ToUpperInvariant(content[0]) + content[1..], Array.Find(s_topics, topic => topic.What.IsMatch(plain)).Attribute);
    }
}
