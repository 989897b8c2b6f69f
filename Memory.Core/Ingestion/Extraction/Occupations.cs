namespace Memory.Core.Ingestion.Extraction;

/// <summary>How English names what people do for a living.</summary>
internal static class Occupations
{
    /// <summary>"nurse", "senior software engineer"; not "coffee lover", not "Italian", not "different person".</summary>
    internal const string Pattern =
        @"(?:[\w-]+ ){0,2}(?!\w*(?:lover|drinker|eater|sleeper|brother|father|mother|sister|owner|member|beginner|her|other|another|over|under|later|together|after|ever|either|rather|however|whatever|forever|player|number|summer|winter|dinner|cover|paper|computer|order|letter|weather|corner|power|fever|flower|super|bitter|better|older|younger|bigger|former|further|farther|closer|different|present|recent|silent|patient|important|pregnant|brilliant|excellent|independent|confident|elegant|distant|reluctant|hesitant|content|absent|urgent|frequent|apparent|parent|moment|agreement|apartment|student|event|talent|accident|percent|plant|restaurant|giant|parent|winner|player|user|never|patient|supporter|believer|mister|water)\b)"
        + @"(?:[a-z-]*(?:er|or|ist|ian|ant|ent)|[a-z]+man|[a-z]+woman|nurse|cook|chef|sous-chef|pilot|clerk|coach|paramedic|medic|mechanic|midwife|architect|barista|judge|vet|surgeon|analyst|nanny|au pair|secretary|attorney|model|astronaut|monk|priest|nun|guard|guide|waitress|actress|seamstress|referee|intern|apprentice|blacksmith|locksmith|steward|stewardess|rep|detective|executive|representative|dev|DJ|CEO|CTO|GP|nutritionist|roofer|undertaker|lawyer|electrician)(?=$|[,.;]| (?:at|in|for|from|and|with|by|who|now|but|since|on)\b)";
}
