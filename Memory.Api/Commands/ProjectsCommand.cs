using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Commands;

/// <summary><c>Memory.Api projects create NAME</c> prints the new project's id; <c>projects list</c> prints id and name of each.</summary>
internal static class ProjectsCommand
{
    private const string Name = "projects";
    private const string Usage = "usage: projects create NAME | projects list";

    internal static Task<int> RunAsync(string[] args) => args switch
    {
        ["create", var name] when !name.StartsWith('-') && !string.IsNullOrWhiteSpace(name) => OperatorCommand.RunAsync(
            Name, (services, cancellationToken) => CreateAsync(services.GetRequiredService<ProjectLedger>(), name, cancellationToken)),
        ["list"] => OperatorCommand.RunAsync(
            Name, (services, cancellationToken) => ListAsync(services.GetRequiredService<ProjectLedger>(), cancellationToken)),
        ["create"] => OperatorCommand.RefuseAsync(Name, "the project's name is missing", Usage),
        ["create" or "list", ..] => OperatorCommand.RefuseAsync(Name, "too many arguments, or none that is known", Usage),
        _ => OperatorCommand.RefuseAsync(Name, "say what to do", Usage),
    };

    private static async Task CreateAsync(ProjectLedger ledger, string name, CancellationToken cancellationToken)
    {
        ProjectId project = await ledger.CreateAsync(name, OperatorCommand.Actor, cancellationToken);
        Console.WriteLine(project);
        await Console.Error.WriteLineAsync($"The project has no key yet: keys create --label LABEL --project {name}");
    }

    private static async Task ListAsync(ProjectLedger ledger, CancellationToken cancellationToken)
    {
        foreach (Project project in await ledger.ListAsync(cancellationToken))
            Console.WriteLine($"{project.Id}\t{project.Name}\t{project.CreatedAt:O}");
    }
}
