namespace Memory.Core.Ingestion.Extraction;

/// <summary>How English names what people do for a living.</summary>
internal static class Occupations
{
    /// <summary>"nurse", "senior software engineer"; not "coffee lover", not "Italian", not "different person".</summary>
    internal const string Pattern =
        @"(?:[\w-]+ ){0,2}(?!\w*(?:lover|drinker|eater|sleeper|brother|father|mother|sister|owner|member|beginner|parent|winner|player|user|never|patient|supporter|believer|mister|water)\b)"
        + @"(?:[a-z-]*(?:er|or|ist|ian|ant|ent)|[a-z]+man|[a-z]+woman|nurse|cook|chef|pilot|clerk|coach)(?=$|[,.;]| (?:at|in|for|from|and|with|by|who|now|but|since|on)\b)";
}
