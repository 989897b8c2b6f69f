using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion;

/// <summary>By what lines give themselves away as pasted. No pattern repeats what its next part can match.</summary>
internal static partial class PastedLines
{
    /// <summary>Fewer words than these after a colon are no text that was pasted.</summary>
    private const int FewestPastedWords = 4;

    [GeneratedRegex("^\\s{0,8}(?<edge>`{3,}|~{3,}|\"{3}|'{3}|<{3,}|>{3,}|={5,}|-{5,}|\\*{5,}|#{5,}|_{5,})")]
    private static partial Regex Fence { get; }

    // Quoted, a row of a table, a comment in code.
    [GeneratedRegex(@"^\s{0,8}(?:>|\||(?://|/\*|\*/|#|--|;;)\s)")]
    private static partial Regex Quoted { get; }

    // Who speaks, as transcripts and prompts write it; and the brackets of chat templates.
    [GeneratedRegex(@"^[^\p{L}\p{N}]{0,8}(?:system|assistant|user|human|ai|bot|tool|developer|function|model|admin(?:istrator)?|observation|thought|action|tool[ _-]?(?:result|output|call)|function[ _-]?(?:result|call)|search results?|result|output|response|stdout|stderr|memor(?:y|ies)|known facts?|benutzer|utilisateur|usuario|utente|sistema|système|système|пользователь|система|用户|系统|助手|ユーザー|システム)[ ]{0,2}(?:prompt|message|note|update|instruction|override|notice|nachricht)?s?[^\p{L}\p{N}:]{0,6}[:：]|<\|?/?(?:im_start|im_end|system|assistant|user|human|tool|start_header_id|end_header_id|eot_id|endoftext|memor(?:y|ies)|facts?|instructions?|tool_result|tool_output|function_results?|document|context|search_results?)\b|\[/?(?:INST|SYS|SYSTEM|ASSISTANT|USER|TOOL|MEMORY|MEMORIES|CONTEXT)\b|<<\s?/?SYS|^#{1,6} *(?:system|instruction|assistant|user|human|response|memory|context|new instructions?)\b|\b(?:Human|Assistant|System):\s", RegexOptions.IgnoreCase)]
    private static partial Regex RoleMark { get; }

    // Words that are said to a model, not to somebody: of instructions that were given, of "the user" as of somebody else.
    [GeneratedRegex(@"\b(?:ignore|disregard|forget|override|bypass|discard)\b[^.\n]{0,60}\b(?:instruct\w*|rules?|prompts?|guidelines?|directives?|guardrails?)\b|\b(?:you are now|from this point on you|new (?:system )?instructions?|system prompt|developer mode|jailbreak|do not (?:tell|inform|mention (?:this|it) to) the user|without (?:telling|informing|asking) the user)\b|\b(?:note|instructions?|message|attention|reminder|important|hint)\b[^.\n]{0,20}\b(?:to|for)\b[^.\n]{0,12}\b(?:ai|ais|assistants?|llms?|language models?|chatbots?|agents?|bots?|models?)\b|\b(?:dear|hey|attention,?) (?:ai|assistant|llm|chatbot|model|bot)\b|\b(?:the|this|current) user(?:'s|’s)? (?:\w+ )?(?:is|has|was|wants?|prefers?|likes?|lives?|works?|needs?|agreed|agrees|said|says|hates?|loves?|trusts?|owns?|uses?|will|must|should|authori[sz]ed|name|birthday|password|address|email|account|goal|bank|phone|manager|employer|diet)\b|\b(?:add|save|write|store|commit|append|update|insert|persist)\b[^.\n]{0,60}\b(?:memory|memories|user profile|long-term|knowledge base)\b|\bas an ai\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaidToModel { get; }

    [GeneratedRegex(@"\b(?:ignorier\w*|vergiss|missachte)\b[^.\n]{0,60}\b(?:anweisung\w*|instruktion\w*|regeln)\b|\b(?:ignore[zr]?|oublie[zr]?)\b[^.\n]{0,60}\b(?:consignes?|instructions?|règles)\b|\b(?:ignora|ignore|olvida|olvide|dimentica|esqueça|esquece)\b[^.\n]{0,60}\b(?:instrucciones|istruzioni|instruções|reglas|regole|regras)\b|\b(?:negeer|vergeet)\b[^.\n]{0,60}\b(?:instructies|regels)\b|\b(?:zignoruj|zapomnij)\b[^.\n]{0,60}\b(?:instrukcje|polecenia)\b|(?:игнорируй|забудь|проигнорируй)\w*[^.\n]{0,60}(?:инструкци|указани|правил)|忽略[^。\n]{0,20}(?:指令|指示|规则|說明|说明)|(?:指示|命令|ルール)[^。\n]{0,12}(?:無視|忘れ)|(?:지시|명령)[^.\n]{0,12}무시|تجاهل[^.\n]{0,40}(?:التعليمات|الأوامر)|önceki[^.\n]{0,30}(?:talimat|komut)\w*[^.\n]{0,20}(?:yok say|unut)|\b(?:der|des) (?:benutzers?|nutzers?)\b|\bl'utilisateur\b|\b(?:el|del) usuario\b|\bl'utente\b|\bdell'utente\b|\bo usuário\b|(?:^|\s)пользовател(?:ь|я|ю)\b|(?:该|此)?用户(?:的|是|喜欢|希望|偏好|住)|ユーザー(?:の|は|が)|사용자(?:의|는|가)", RegexOptions.IgnoreCase)]
    private static partial Regex SaidToModelElsewhere { get; }

    [GeneratedRegex(@"^\s{0,4}(?:From|To|Cc|Bcc|Subject|Sent|Date|Reply-To|Message-ID|Content-Type|X-[\w-]{1,40}|Von|An|Betreff|Gesendet|De|Para|Objet|Asunto|Assunto|Envoyé|Enviado|À|Da|A|Oggetto|Inviato)\s?[:：]\s?\S", RegexOptions.IgnoreCase)]
    private static partial Regex MailHeader { get; }

    // Pages that are counted, subtitles, exported chats; and what hands something in without a colon.
    [GeneratedRegex(@"\bpage \d{1,4} (?:of|/) \d{1,4}\b|^\s{0,4}\d{1,2}:\d\d(?::\d\d)?[.,\d]{0,5}\s?-->|^\s{0,4}[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s{1,3}[\p{L} ]{1,30}:\s|\b(?:here(?:'s| is| are)|this is)\b[^.:\n]{0,40}\b(?:page|pdf|document|article|mail|letter|text|transcript|note)\b[^.:\n]{0,20}[.]\s", RegexOptions.IgnoreCase)]
    private static partial Regex HandedIn { get; }

    [GeneratedRegex(@"^-{2,}\s?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine|Mensaje original)|^Begin forwarded message|^(?:On|Am|Le|El|Il|Em|Op)\b.{5,150}\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef)\b.{0,40}:\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex MailMark { get; }

    [GeneratedRegex(@"<!--|<!doctype|</?(?:html|head|body|title|meta|link|script|style|div|span|p|a|img|iframe|table|tr|td|th|ul|ol|li|h[1-6]|br|b|i|em|strong|input|form|button|svg|xml)\b[^>\n]{0,500}>|^\s{0,8}(?:[\[{]\s*$|[\[{]{1,2}\s?""[\w -]{1,60}""\s?:)|^\s{0,20}""[\w -]{1,60}""\s?:\s?[\[{""\d]|\{\s?""(?:facts|operations|memories|memory|role|text|operation|kind|content)""\s?:", RegexOptions.IgnoreCase)]
    private static partial Regex Markup { get; }

    [GeneratedRegex(@"^\s{0,3}#{1,6} \S|\]\(\s?https?:|^\s{0,3}(?:\*\s){3}|!\[[^\]\n]{0,200}\]|^\[\d{4}-\d\d-\d\d|^\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^\s{0,8}at \S+\(.{0,200}\)$|^---$|^\s{0,3}(?:WARN|ERROR|INFO|DEBUG)\b")]
    private static partial Regex PageLine { get; }

    // "Summarise this page: …", "the mail says: …", "part 2: …": what follows is what was handed in.
    [GeneratedRegex(@"(?<lead>\b(?:summari[sz]e|translate|paraphrase|rewrite|proofread|decode|decrypt|analy[sz]e|explain|read|review|classify|reply|answer|parse|check|look at|see|repeat|e-?mail|mail|letter|page|website|site|article|post|tweet|comment|blog|text|document|doc|pdf|file|log|transcript|chat|message|sms|code|snippet|output|result|response|readme|ticket|issue|invoice|review|notes?|paste[ds]?|copied|clipboard|quote[ds]?|excerpt|paragraph|passage|section|says|said|reads|wrote|writes|written|states|posted|sent me|told me|got this|found this|this|following|below|attached|part \d{1,2}|page \d{1,2}|continued|base64|rot13|hex|subtitle|caption|footer|header|zusammenfass\w*|fasse?|übersetz\w*|seite|artikel|nachricht|schrieb|steht|résum\w*|tradui\w*|article|courriel|dit|écrit|resum\w*|traduc\w*|traduz\w*|página|artículo|correo|dice|scritto|riassum\w*|pagina|articolo|переведи|перевед\w*|статья|письмо|текст)\b[^:：\n]{0,60}|(?:翻译|总结|摘要|以下|这封|网页|文章|翻訳|要約|次の|記事|メール|번역|요약)[^:：\n]{0,30})[:：]\s?", RegexOptions.IgnoreCase)]
    private static partial Regex LeadIn { get; }

    [GeneratedRegex(@"\b(?:about me|about us|I (?:want|need|would like) you to|remember|don't forget|keep in mind|note that|for the record|my own|über mich|sur moi|sobre mí|su di me)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OfOneself { get; }

    /// <summary>Where in a line begins what is pasted up to the end of the message; null: it does not.</summary>
    internal static int? StartAt(string[] lines, int i)
    {
        string line = PastedText.Undisguised(lines[i]);
        if (SaidToModel.IsMatch(line) || SaidToModelElsewhere.IsMatch(lines[i]) || MailMark.IsMatch(line) || IsMailHead(lines, i) || Markup.IsMatch(line) || IsPage(lines, i))
            return 0;
        if (RoleMark.Match(line) is { Success: true } mark)
            return mark.Index;
        if (HandedIn.Match(line) is { Success: true } page)
            return page.Index;
        return LeadIn.Match(line) is { Success: true } lead && !OfOneself.IsMatch(line.AsSpan(0, lead.Index + lead.Length)) && IsText(lines, i, lead.Index + lead.Length)
            ? lead.Index + lead.Length
            : null;
    }

    /// <summary>What opens or closes a block, so that the same closes it again; null: nothing.</summary>
    internal static string? FenceOf(string line) => Fence.Match(line) is { Success: true } fence
        ? fence.Groups["edge"].Value[0] is '<' or '>' ? "<" : fence.Groups["edge"].Value[..1]
        : null;

    internal static bool IsQuoted(string line) => Quoted.IsMatch(line);

    // One line may begin like that; two are a head, and an address makes one.
    private static bool IsMailHead(string[] lines, int i) =>
        MailHeader.IsMatch(lines[i]) && (lines[i].Contains('@') || lines.Skip(i + 1).Take(3).Any(MailHeader.IsMatch));

    private static bool IsPage(string[] lines, int i) => PageLine.IsMatch(lines[i]) && lines.Skip(i).Take(12).Count(PageLine.IsMatch) >= 2;

    private static bool IsText(string[] lines, int i, int from)
    {
        string rest = string.Join('\n', lines.Skip(i + 1).Prepend(lines[i][from..]));
        return rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= FewestPastedWords
            || rest.EnumerateRunes().Count(rune => rune.Value is >= 0x3040 and <= 0x9FFF or >= 0xAC00 and <= 0xD7AF) >= 8;
    }
}
