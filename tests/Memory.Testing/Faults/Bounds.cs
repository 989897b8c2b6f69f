using Memory.Testing.Models;

namespace Memory.Testing.Faults;

/// <summary>I10: what a fault may cost.</summary>
public static class Bounds
{
    private const double Share = 1.5;

    // Of a connection string that says nothing else; see TestDatabase.
    private const int PoolSize = 20;

    /// <summary>Extractions: one a batch, half as many again, and one for each answer that a fault may have cost.</summary>
    /// <param name="withShortLeases">Whether a slow machine may cost a worker its lane: then every claim may ask once.</param>
    public static async Task AssertCallsAsync(FaultRig rig, IReadOnlyList<string> users, int faults, bool withShortLeases = false)
    {
        long batches = await rig.Database.ScalarAsync<long>(
            "select count(*) from audit where owner_kind = 'user' and owner_id = any($1) and action = 'batch applied'", (object)users.ToArray());
        int calls = rig.Models.Calls.Count(call => call.Schema == "remember_facts" && users.Any(user => call.Messages[0].Text.Contains($"FACT {user}", StringComparison.Ordinal)));
        double most = (batches * Share) + faults;
        if (withShortLeases)
        {
            most = Math.Max(most, await rig.Database.ScalarAsync<long>(
                "select coalesce(sum(epoch), 0)::bigint from lanes where owner_kind = 'user' and owner_id = any($1)", (object)users.ToArray()));
        }

        if (calls > most)
            throw new InvariantBrokenException([$"I10 {calls} extractions for {batches} batches and {faults} faults"]);
    }

    /// <param name="processes">How many services a role has.</param>
    public static async Task AssertConnectionsAsync(FaultRig rig, int processes)
    {
        List<string> broken = await rig.Database.ListAsync(
            """
            select 'I10 ' || usename || ' has ' || count(*) || ' connections'
              from pg_stat_activity
             where datname = current_database() and usename in ('memory_api', 'memory_worker')
             group by usename
            having count(*) > $1
            """,
            row => row.GetString(0), (long)(processes * PoolSize));
        if (broken.Count > 0)
            throw new InvariantBrokenException(broken);
    }
}
