namespace Memory.Core.LongTerm;

/// <summary>
/// The texts of a search by vector: <c>$4</c> the vector, <c>$5</c> its model, <c>$6</c> the limit, <c>$7</c> how far to count the
/// owner's vectors along; by signs also <c>$8</c> the signs and <c>$9</c> how many are compared after them. Each answers
/// <c>memory_id, similarity, counted</c>, best first.
/// </summary>
/// <remarks>Vectors have unit length, so the negative inner product orders as cosine distance does, for less.</remarks>
internal static class NearestStatements
{
    private const string Counted = """
        (select count(*)
           from (select
                   from memory_vectors
                  where project_id = $1 and owner_kind = $2 and owner_id = $3 and current
                  limit $7) c) as counted
        """;

    // A current vector belongs to an active memory, which may have expired. Those are few: as many more are taken, and none is missed.
    private const string Expired = """
        expired as materialized (
               select id
                 from memories
                where project_id = $1 and owner_kind = $2 and owner_id = $3 and status = 'active' and expires_on < current_date)
        """;

    /// <summary>Every vector of the owner's is compared, in the narrow table alone.</summary>
    internal const string OfAll = $"""
        with {Expired}
        select n.memory_id, n.similarity, {Counted}
          from (select memory_id, -(embedding <#> $4) as similarity
                  from memory_vectors
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and current and model = $5
                 order by embedding <#> $4, memory_id
                 limit $6 + (select count(*) from expired)) n
         where n.memory_id not in (select id from expired)
         order by n.similarity desc, n.memory_id
         limit $6
        """;

    /// <summary>Signs are read from their index alone, and vectors of the nearest by these, and of those that have no signs.</summary>
    internal const string OfAllBySigns = $"""
        with {Expired},
             near as materialized (
               (select memory_id, version
                  from memory_vectors
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and current and model = $5 and signs is not null
                 order by signs <~> $8, memory_id
                 limit $9 + (select count(*) from expired))
                union all
                select memory_id, version
                  from memory_vectors
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and current and model = $5 and signs is null)
        {Compared}
         where n.memory_id not in (select id from expired)
         {Best}
        """;

    private const string Compared = $"""
        select n.memory_id, -(v.embedding <#> $4) as similarity, {Counted}
          from near n
          join memory_vectors v
            on v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and v.memory_id = n.memory_id and v.version = n.version
        """;

    private const string Best = """
        order by similarity desc, n.memory_id
         limit $6
        """;

    // What a condition lets through is known before anything is ordered: the limit cuts off nothing that it would let through.
    private const string Some = """
          from memory_vectors n
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = n.memory_id
         where n.project_id = $1 and n.owner_kind = $2 and n.owner_id = $3 and n.current and n.model = $5
           and m.status = 'active'
           and (m.expires_on is null or m.expires_on >= current_date)
        """;

    /// <param name="conditions">Over <c>memories m</c>, each with its <c>and</c>; values are arguments from <c>$8</c> on.</param>
    internal static string OfSome(string conditions) => $"""
        select n.memory_id, -(n.embedding <#> $4) as similarity, {Counted}
        {Some}
           {conditions}
         {Best}
        """;

    /// <param name="conditions">Over <c>memories m</c>, each with its <c>and</c>; values are arguments from <c>$10</c> on.</param>
    internal static string OfSomeBySigns(string conditions) => $"""
        with near as materialized (
               (select n.memory_id, n.version
                {Some} and n.signs is not null
                   {conditions}
                 order by n.signs <~> $8, n.memory_id
                 limit $9)
                union all
                select n.memory_id, n.version
                {Some} and n.signs is null
                   {conditions})
        {Compared}
         {Best}
        """;
}
