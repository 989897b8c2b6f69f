namespace Memory.Testing.Faults;

/// <summary>I1 and I2 from the clients' side: what was acknowledged is there, once and whole; nothing else is.</summary>
internal static class Acknowledgements
{
    public static IEnumerable<string> Broken(IEnumerable<ClientWrite> writes, IReadOnlyList<StoredEpisode> episodes)
    {
        ILookup<(string, string), StoredEpisode> stored = episodes.ToLookup(episode => (episode.Owner, episode.Text));
        HashSet<(string, string)> asked = [];
        foreach (ClientWrite write in writes)
        {
            asked.UnionWith(write.Texts.Select(text => (write.Owner, text)));
            string name = $"{write.Owner} '{write.Texts[0]}'";
            List<StoredEpisode> found = [.. write.Texts.SelectMany(text => stored[(write.Owner, text)])];
            if (write.Acknowledged.DistinctBy(ok => (ok.Event, string.Join(',', ok.Seqs))).Count() > 1)
                yield return $"I1 one write, one answer: {name} was answered {string.Join(" and ", write.Acknowledged.Select(ok => ok.Event).Distinct())}";
            if (write.Acknowledged.Count > 0 && !IsAsAnswered(write, found))
                yield return $"I1 what was acknowledged is there: {name} has {found.Count} of {write.Texts.Count} episodes, {string.Join(',', found.Select(one => one.Seq))}";
            if (write.Acknowledged.Count == 0 && found.Count != 0 && found.Count != write.Texts.Count)
                yield return $"I1 never half: {name} has {found.Count} of {write.Texts.Count} episodes";
            if (write.IsRefusedOnly && found.Count > 0)
                yield return $"I1 what was refused is not there: {name}";
        }

        foreach (StoredEpisode episode in episodes.Where(episode => !asked.Contains((episode.Owner, episode.Text))))
            yield return $"I1 nobody said: {episode.Owner} {episode.Seq}";
    }

    // Every text is its write's own, so that what is found of it is of this write.
    private static bool IsAsAnswered(ClientWrite write, List<StoredEpisode> found)
    {
        HistoryLine ok = write.Acknowledged[0];
        return found.Select(episode => (episode.Seq, episode.Text)).SequenceEqual(ok.Seqs.Zip(write.Texts))
            && found.All(episode => episode.Event == ok.Event);
    }
}
