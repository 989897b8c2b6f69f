using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Commands;

/// <summary>
/// <c>Memory.Api keys create --label L</c> prints the new key and nothing else, once; <c>keys list</c> prints what is known of
/// a project's keys; <c>keys revoke ID</c> revokes one.
/// </summary>
internal static class KeysCommand
{
    private const string Name = "keys";

    private const string Usage =
        """
        usage: keys create --label LABEL [--scopes read,write,delete,admin] [--user ID | --agent ID] [--expires 30d] [--project NAME]
               keys list [--project NAME]
               keys revoke ID
        """;

    internal static async Task<int> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["create", ..]:
                    KeyArguments wanted = KeyArguments.Read(args.AsSpan(1), "--label", "--scopes", "--user", "--agent", "--expires", "--project");
                    if (wanted.Label is null)
                        throw new UsageException("--label is missing: say what the key is for");
                    return await OperatorCommand.RunAsync(Name, (services, cancellationToken) => CreateAsync(services, wanted, cancellationToken));
                case ["list", ..]:
                    string project = KeyArguments.Read(args.AsSpan(1), "--project").Project;
                    return await OperatorCommand.RunAsync(Name, (services, cancellationToken) => ListAsync(services, project, cancellationToken));
                case ["revoke", var id] when Guid.TryParse(id, out Guid key):
                    return await OperatorCommand.RunAsync(Name, (services, cancellationToken) => RevokeAsync(services, key, cancellationToken));
                case ["revoke", ..]:
                    throw new UsageException("revoke takes the id of one key, as list prints it");
                default:
                    throw new UsageException("say what to do");
            }
        }
        catch (UsageException cause)
        {
            return await OperatorCommand.RefuseAsync(Name, cause.Message, Usage);
        }
    }

    private static async Task CreateAsync(IServiceProvider services, KeyArguments wanted, CancellationToken cancellationToken)
    {
        Project project = await services.GetRequiredService<ProjectLedger>().FindAsync(wanted.Project, cancellationToken);
        KeyRequest request = wanted.ToRequest(services.GetRequiredService<TimeProvider>().GetUtcNow());
        NewApiKey made = await services.GetRequiredService<KeyLedger>().CreateAsync(OperatorCommand.Operator(project.Id), request, null, cancellationToken);
        Console.WriteLine(made.Key);
        await Console.Error.WriteLineAsync($"{Line(made.About)}\nin project {project.Name}; the key is shown this once");
    }

    private static async Task ListAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        Project project = await services.GetRequiredService<ProjectLedger>().FindAsync(name, cancellationToken);
        foreach (ApiKey key in await services.GetRequiredService<KeyLedger>().ListAsync(OperatorCommand.Operator(project.Id), all: true, cancellationToken))
            Console.WriteLine(Line(key));
    }

    private static async Task RevokeAsync(IServiceProvider services, Guid key, CancellationToken cancellationToken)
    {
        KeyLedger ledger = services.GetRequiredService<KeyLedger>();
        ProjectId project = await ledger.ProjectOfAsync(key, cancellationToken);
        await ledger.RevokeAsync(OperatorCommand.Operator(project), key, cancellationToken);
        await Console.Error.WriteLineAsync("The key is revoked; where it was just used it holds for some three seconds more.");
    }

    private static string Line(ApiKey key) => string.Join(
        '\t', key.Id, $"{key.Prefix}…", key.Label, string.Join(",", key.Scopes), key.Subject is { } subject ? $"{subject.KindName}:{subject.Id}" : "everybody",
        $"created {key.CreatedAt:O}", key.ExpiresAt is { } end ? $"expires {end:O}" : "never expires",
        key.LastUsedAt is { } used ? $"used {used:O}" : "never used", key.RevokedAt is { } revoked ? $"revoked {revoked:O}" : "holds");
}
