using Memory.Core.Storage;

namespace Memory.Core.Privacy;

/// <summary>A project: what its keys reach, and nothing else reaches.</summary>
public sealed record Project(ProjectId Id, string Name, DateTimeOffset CreatedAt);

/// <summary>The projects of the default organisation, as an operator knows them: by their names.</summary>
public sealed class ProjectLedger(MemoryDb db, TimeProvider time)
{
    /// <summary>Longest accepted name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    private const string ReadOrganization = "select organization_id from projects where id = $1";

    private const string ReadNames = "select id, name, created_at from project_names($1)";

    // Two that make the same name at once: the second waits, and finds it taken.
    private const string TakeTurn = "select pg_advisory_xact_lock(7261850245)";

    private const string Insert = "insert into projects (id, organization_id, name) values ($1, $2, $3)";

    /// <exception cref="InvalidInputException">The name is blank, too long or not well-formed.</exception>
    /// <exception cref="ConflictingWriteException">There is a project of that name.</exception>
    public async Task<ProjectId> CreateAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || WellFormedText.Require("name", name).Length > MaxNameLength)
            throw new InvalidInputException("name", $"name must have 1 to {MaxNameLength} characters.");
        var project = new ProjectId(Guid.CreateVersion7(time.GetUtcNow()));
        Guid organization = await OrganizationAsync(cancellationToken);
        await db.TransactionAsync(
            project,
            async transaction =>
            {
                await transaction.ExecuteAsync([Sql.Command(TakeTurn)], cancellationToken);
                if ((await transaction.QueryAsync(Names(organization), cancellationToken)).Any(one => one.Name == name))
                    throw new ConflictingWriteException($"There is a project '{name}' already.");
                await transaction.ExecuteAsync(
                    [Sql.Command(Insert, project, organization, name), AuditEntry.OfProject(project, actor, "project-created", new { })], cancellationToken);
            },
            cancellationToken);
        return project;
    }

    /// <summary>Oldest first.</summary>
    public async Task<List<Project>> ListAsync(CancellationToken cancellationToken)
    {
        Guid organization = await OrganizationAsync(cancellationToken);
        return await db.AcrossProjectsAsync(Names(organization), cancellationToken);
    }

    /// <param name="name">A name, or an id.</param>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<Project> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(one => one.Name == name || one.Id.ToString() == name)
        ?? throw new NotFoundException($"Project '{name}'");

    private async Task<Guid> OrganizationAsync(CancellationToken cancellationToken)
    {
        List<Guid> found = await db.QueryAsync(
            Bootstrap.DefaultProject, new Sql<Guid>(ReadOrganization, row => row.GetGuid(0), Bootstrap.DefaultProject), cancellationToken);
        return found.Count == 1 ? found[0] : throw new StorageUnavailableException("The memory database has no default project yet; run migrate first.");
    }

    private static Sql<Project> Names(Guid organization) => new(
        ReadNames, row => new Project(new ProjectId(row.GetGuid(0)), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), organization);
}
