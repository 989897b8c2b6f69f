using System.Text.Json;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>A question that is answered when it is fetched.</summary>
/// <param name="Schema">JSON; null: the memories as they are.</param>
/// <param name="Filters">JSON, as the caller wrote it.</param>
public sealed record ExportQuestion(Guid Id, string? Schema, string Filters, string? Instructions);

/// <summary>
/// Keeps what is to be exported, not the export: no second copy of what people said lies about, and what is forgotten meanwhile
/// is in no export.
/// </summary>
public sealed class ExportStore(MemoryDb db, TimeProvider time)
{
    /// <summary>Longest wish, in UTF-16 units.</summary>
    public const int MaxInstructionsLength = 4_000;

    /// <summary>Most that a project keeps: the oldest make room.</summary>
    public const int MostOfProject = 1_000;

    private static readonly TimeSpan s_kept = TimeSpan.FromDays(30);

    // A little more than one at a time, so that whatever came at once is made up for.
    private const string MakeRoom = """
        delete from memory_exports
         where (project_id, owner_kind, owner_id, id) in (
               select project_id, owner_kind, owner_id, id
                 from memory_exports
                where project_id = $1
                order by created_at desc, id desc
               offset $2
                limit 100)
        """;

    private const string DeleteOld = """
        delete from memory_exports
         where (project_id, owner_kind, owner_id, id) in (
               select project_id, owner_kind, owner_id, id
                 from memory_exports
                where created_at < now() - $1
                limit 1000)
        returning true
        """;

    private const string DeleteOwned = "delete from memory_exports where project_id = $1 and owner_kind = $2 and owner_id = $3";

    private const string Insert = """
        insert into memory_exports (project_id, owner_kind, owner_id, id, schema, filters, instructions, actor)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string ReadOne = """
        select id, schema::text, filters::text, instructions, owner_kind, owner_id
          from memory_exports
         where project_id = $1 and id = $2 and created_at >= now() - $3
        """;

    private const string ReadNewest = """
        select id, schema::text, filters::text, instructions, owner_kind, owner_id
          from memory_exports
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and filters = $4 and created_at >= now() - $5
         order by created_at desc, id desc
         limit 1
        """;

    /// <param name="owners">Whom the filters name; the key must reach them all.</param>
    /// <returns>Its id; it can be asked for thirty days.</returns>
    public async Task<Guid> AddAsync(
        Principal principal, IReadOnlyList<Owner> owners, ExportForm? form, JsonElement filters, string? instructions, CancellationToken cancellationToken)
    {
        foreach (Owner owner in owners)
            AccessPolicy.RequireOwner(principal, owner);
        if (instructions is { Length: > MaxInstructionsLength })
            throw new InvalidInputException("instructions", $"The instructions have {instructions.Length} characters; at most {MaxInstructionsLength} are allowed.");
        if (instructions is not null)
            WellFormedText.Require("instructions", instructions);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await db.TransactionAsync(
            principal.Project,
            transaction => transaction.ExecuteAsync(
                [
                    Sql.Command(MakeRoom, principal.Project, MostOfProject - 1),
                    Sql.Command(
                        Insert, principal.Project, owners[0].KindName, owners[0].Id, id, new Jsonb(form?.Root.GetRawText()), new Jsonb(filters.GetRawText()), instructions, principal.Actor),
                ],
                cancellationToken),
            cancellationToken);
        return id;
    }

    /// <summary>Takes away, in all projects, what nobody can fetch any more.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while ((await db.AcrossProjectsAsync(Sql.Command(DeleteOld, s_kept), cancellationToken)).Count > 0)
        {
        }
    }

    /// <summary>All of an owner is erased: the questions too that named it first, as they name people.</summary>
    internal static Sql<bool> Forgotten(Lane lane) => Sql.Command(DeleteOwned, lane.Keys());

    /// <exception cref="NotFoundException">There is none in the principal's reach.</exception>
    public Task<ExportQuestion> GetAsync(Principal principal, Guid id, CancellationToken cancellationToken) =>
        FindAsync(principal, ReadOne, [principal.Project, id, s_kept], cancellationToken);

    /// <summary>The newest of some filters.</summary>
    /// <exception cref="NotFoundException">There is none in the principal's reach.</exception>
    public Task<ExportQuestion> NewestAsync(Principal principal, Owner first, JsonElement filters, CancellationToken cancellationToken) =>
        FindAsync(principal, ReadNewest, [principal.Project, first.KindName, first.Id, new Jsonb(filters.GetRawText()), s_kept], cancellationToken);

    private async Task<ExportQuestion> FindAsync(Principal principal, string statement, object?[] arguments, CancellationToken cancellationToken)
    {
        List<(ExportQuestion Question, Owner Owner)> found = await db.QueryAsync(
            principal.Project, new Sql<(ExportQuestion, Owner)>(statement, Map, arguments), cancellationToken);
        return found.Count == 1 && AccessPolicy.MaySee(principal, found[0].Owner) ? found[0].Question : throw new NotFoundException("Export");
    }

    private static (ExportQuestion Question, Owner Owner) Map(NpgsqlDataReader row) => (
        new ExportQuestion(row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
        new Owner(Owner.ParseKind(row.GetString(4)), row.GetString(5)));
}
