using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>Where somebody is for a while; that is not where they live.</summary>
internal static partial class Stays
{
    private const int DaysOfStay = 7;

    [GeneratedRegex($@"^ (?:is (?:(?:currently|now|still|just|back|over|down|up|away|out|here) )*(?:(?:in|at) (?:the )?{Topic.Name}|(?:staying(?= (?:in|at|with|near|over|by|on)\b)|visiting|travelling|traveling|on holiday|on vacation|on a (?:business )?trip|on leave|on a break|away|abroad|house-?sitting|dog-?sitting|camping|off work|working from|out of (?:town|the office))\b(?: (?:in|at|to|around|through|with|from) (?:the )?(?:{Topic.Name})?)?)|stays? (?:in|at) (?:the )?{Topic.Name})")]
    private static partial Regex Away { get; }

    internal static Topic? Of(string said) => Away.Match(said) is not { Success: true } away ? null
        : new Topic(MemoryKind.Event, null, 0.5)
        {
            Days = DaysOfStay,
            Relations = [],
            Entities = away.Groups["name"].Success ? [new NamedEntity(away.Groups["name"].Value, "place")] : [],
        };
}
