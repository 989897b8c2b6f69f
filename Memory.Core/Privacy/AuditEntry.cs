using System.Text.Json;
using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Privacy;

/// <summary>
/// One state change, written in the transaction that makes it. Detail holds ids, counts and reasons, never what was said.
/// </summary>
public sealed record AuditEntry(Lane Lane, string Actor, string Action, Guid? SubjectId, EventId? Event, object? Detail = null)
{
    private const string Insert = """
        insert into audit (project_id, owner_kind, owner_id, actor, action, subject_id, event_id, detail)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>A change that concerns everybody in a project, and no owner more than others.</summary>
    public static Sql<bool> OfProject(ProjectId project, string actor, string action, object detail) => Sql.Command(
        Insert, project, "project", "", actor, action, null, null, new Jsonb(JsonSerializer.Serialize(detail, JsonSerializerOptions.Web)));

    public Sql<bool> ToStatement() => Sql.Command(
        Insert, Lane.Project, Lane.Owner.KindName, Lane.Owner.Id, Actor, Action, SubjectId, Event?.Value,
        new Jsonb(Detail is null ? "{}" : JsonSerializer.Serialize(Detail, JsonSerializerOptions.Web)));
}
