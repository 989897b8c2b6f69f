using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Memory.Core.Tests.Architecture;

public sealed partial class RoomOrderTests
{
    private static readonly string[] s_rooms =
        ["Storage", "Diagnostics", "Lanes", "Privacy", "ShortTerm", "Episodic", "History", "Webhooks", "LongTerm", "Ingestion", "Retrieval"];

    [GeneratedRegex(@"Memory\.Core\.(?<room>[A-Z]\w+)")]
    private static partial Regex RoomName { get; }

    [Fact]
    public void A_room_uses_only_rooms_to_its_left()
    {
        List<string> broken = [];
        foreach ((string path, string text) in Sources.In("Memory.Core"))
        {
            int own = Array.IndexOf(s_rooms, path.Split('/')[0]);
            foreach (string room in RoomName.Matches(text).Select(match => match.Groups["room"].Value).Distinct())
            {
                int used = Array.IndexOf(s_rooms, room);
                if (own >= 0 && used > own)
                    broken.Add($"{path} uses {room}");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_of_the_engine_is_a_room_of_the_order()
    {
        IEnumerable<string> folders = Sources.In("Memory.Core").Select(file => file.Path).Where(path => path.Contains('/')).Select(path => path.Split('/')[0]).Distinct();

        Assert.Empty(folders.Except(s_rooms));
    }

    [Fact]
    public void The_vocabulary_names_no_room() =>
        Assert.DoesNotContain(
            Sources.In("Memory.Core"),
            file => !file.Path.Contains('/') && file.Path != "MemoryCoreRegistration.cs" && s_rooms.Any(room => file.Text.Contains($"Memory.Core.{room}")));

    [Fact]
    public void Ingestion_and_retrieval_never_name_each_other()
    {
        Assert.DoesNotContain(Sources.In("Memory.Core/Ingestion"), file => file.Text.Contains("Memory.Core.Retrieval"));
        Assert.DoesNotContain(Sources.In("Memory.Core/Retrieval"), file => file.Text.Contains("Memory.Core.Ingestion"));
    }

    [Theory]
    [InlineData("Chat.Agent", new[] { "Memory.Client", "Memory.Models", "ServiceDefaults" })]
    [InlineData("Memory.Client", new string[0])]
    [InlineData("Memory.Models", new string[0])]
    [InlineData("Memory.Core", new[] { "Memory.Models" })]
    [InlineData("Memory.Api", new[] { "Memory.Core", "ServiceDefaults" })]
    [InlineData("Memory.Ingestor", new[] { "Memory.Core", "ServiceDefaults" })]
    public void A_project_references_only_what_it_may(string project, string[] allowed)
    {
        XDocument file = XDocument.Load(Path.Combine(Sources.Root, project, $"{project}.csproj"));

        IEnumerable<string> references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Only_storage_opens_connections() =>
        Assert.DoesNotContain(
            Sources.In("Memory.Core").Concat(Sources.In("Memory.Api")).Concat(Sources.In("Memory.Ingestor")),
            file => !file.Path.StartsWith("Storage/", StringComparison.Ordinal)
                && Regex.IsMatch(file.Text, @"OpenConnection|new NpgsqlConnection\b|CreateCommand\("));

    /// <summary>Whose protocol is spoken is the surface's business alone.</summary>
    [Fact]
    public void The_engine_knows_no_protocol_by_name() =>
        Assert.DoesNotContain(
            Sources.In("Memory.Core").Concat(Sources.In("Memory.Models")).Concat(Sources.In("Memory.Ingestor")),
            file => Regex.IsMatch(file.Text, "mem0", RegexOptions.IgnoreCase));
}
