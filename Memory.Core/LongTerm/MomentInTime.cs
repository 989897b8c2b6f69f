using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>A look back, on either clock or both; neither where only what has expired is judged by another day.</summary>
/// <param name="AsOf">What was true then, by all that is known; null: whatever was believed, true or over.</param>
/// <param name="KnownAt">What we had learned by then; null: what we know now.</param>
public sealed record MomentInTime(DateTimeOffset? AsOf, DateTimeOffset? KnownAt)
{
    /// <summary>By which day memories have expired; the first of all days: by none. Null: by that of the moment.</summary>
    public DateOnly? ExpiryDay { get; init; }

    /// <returns>Null: neither is said, so it is about now.</returns>
    public static MomentInTime? Of(DateTimeOffset? asOf, DateTimeOffset? knownAt) =>
        asOf is null && knownAt is null ? null : new MomentInTime(asOf, knownAt);

    /// <summary>
    /// The start of a statement whose <c>$4</c> is <see cref="AsOf"/> and whose <c>$5</c> is <see cref="KnownAt"/>: <c>past</c>
    /// holds the owner's versions of that moment, one a memory, the last that was learned where several cover it.
    /// Without <c>$4</c> they are those still believed at <c>$5</c>. With it they are those known by then whose time of truth
    /// covers it; that one had ended counts only where it was known by then. What was forgotten never shows.
    /// </summary>
    internal const string Past = """
        with past as (
               select distinct on (v.memory_id) v.*
                 from memory_versions v
                where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3
                  and v.change <> 'DELETE'
                  and v.content <> '[forgotten] ' || replace(v.memory_id::text, '-', '')
                  and v.known_from <= coalesce($5::timestamptz, now())
                  and case when $4::timestamptz is null
                           then v.known_to is null or v.known_to > coalesce($5::timestamptz, now())
                           else least(v.valid_from, v.said_at) <= $4
                                and (v.known_to is null or v.known_to > coalesce($5::timestamptz, now())
                                     or v.valid_to is null or v.valid_to > $4) end
                order by v.memory_id, v.version desc)
        """;

    /// <summary>What <see cref="MemoryRecord.Read"/> expects, of <c>past v</c> and its <c>memories m</c>. Ids, categories and metadata are today's.</summary>
    internal const string Columns = """
        m.id, m.owner_kind, m.owner_id, m.collection, v.version, v.kind, v.attribute, v.content, coalesce(encode(v.content_hash, 'hex'), '') as content_hash,
        v.importance,
        coalesce((select e.after
                    from memory_evidence e
                   where e.project_id = v.project_id and e.owner_kind = v.owner_kind and e.owner_id = v.owner_id and e.memory_id = v.memory_id
                     and e.known_from >= v.known_from and (v.known_to is null or e.known_from < v.known_to)
                     and e.known_from <= coalesce($5::timestamptz, now())
                   order by e.known_from desc
                   limit 1), v.confidence) as confidence,
        v.trusted, m.categories, m.metadata::text, m.agent_ids, m.app_ids, m.run_ids,
        v.valid_from, v.expires_on, m.created_at, v.said_at as updated_at, v.source_seqs,
        v.stage, m.status = 'active' as active
        """;

    /// <summary>The join that gives <c>m</c>.</summary>
    internal const string Versions = """
        past v
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = v.memory_id
        """;

    /// <summary>What holds of a version of that moment that is shown: not expired then, or by the day <c>$10</c>; the scope's collection and ids are <c>$6</c> to <c>$9</c>.</summary>
    internal const string InScope = """
        (v.expires_on is null or v.expires_on >= coalesce($10::date, (coalesce($4::timestamptz, $5::timestamptz, now()) at time zone 'utc')::date))
           and ($6::text is null or m.collection = $6)
           and ($7::text is null or m.agent_ids @> array[$7])
           and ($8::text is null or m.app_ids @> array[$8])
           and ($9::text is null or m.run_ids @> array[$9])
        """;

    /// <summary>
    /// What is shown of that moment, as <c>m</c>: a filter reads it as it reads <c>memories m</c>. All its columns, in their order, are
    /// what <see cref="MemoryRecord.Read"/> expects.
    /// </summary>
    internal const string Shown = $"""
        (select {Columns}
            from {Versions}
           where {InScope}) m
        """;

    /// <summary>Its arguments <c>$4</c> to <c>$10</c>, after the owner's.</summary>
    internal SqlArguments Keys(Lanes.Lane lane, MemoryScope scope, string? collection, params ReadOnlySpan<object?> rest)
    {
        object?[] scoped = MemoryStore.ScopeKeys(lane, scope, collection);
        return new SqlArguments([.. scoped[..3], AsOf, KnownAt, .. scoped[3..], ExpiryDay, .. rest]);
    }
}
