using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Runner;

/// <summary>What somebody needs to know once all is up: addresses, described parameters, where the data lies.</summary>
internal sealed class RunningNotice(ApplicationRunner runner)
{
    public async Task PrintWhenAllIsUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var project in runner.Resources.OfType<ProjectResource>().Where(project => !project.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
                await runner.Notifications.WaitForResourceAsync(project.Name, IsUp, cancellationToken);
            runner.IsUp = true;
            Console.Out.Write(await ComposeAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // Stopped before all was up.
        }
    }

    private static bool IsUp(ResourceEvent update) => update.Snapshot switch
    {
        { HealthStatus: HealthStatus.Healthy } => true,
        { ExitCode: 0, State.Text: var state } => state == KnownResourceStates.Finished,
        _ => false,
    };

    private async Task<string> ComposeAsync(CancellationToken cancellationToken)
    {
        List<(string Label, string Text)> lines = [];
        foreach (var project in runner.Resources.OfType<ProjectResource>())
            lines.AddRange(project.Annotations.OfType<EndpointAnnotation>()
                .Select(endpoint => (project.Name, endpoint.AllocatedEndpoint!.UriString)));
        if (!runner.Services.GetRequiredService<DistributedApplicationOptions>().DisableDashboard)
            lines.Add(("dashboard", runner.DashboardUrl ?? (runner.Telemetry.Count > 0 ? "the one that was already running" : "none")));
        // An AppHost describes the parameters that a person has to know; the others stay unsaid.
        foreach (var parameter in runner.Resources.OfType<ParameterResource>().Where(parameter => parameter.Description is not null))
            lines.Add((parameter.Name, $"{await parameter.GetValueAsync(cancellationToken)}   {parameter.Description}"));
        lines.AddRange(runner.DataFolders.Select(folder => ("data", folder)));

        var width = lines.Max(line => line.Label.Length);
        var text = new StringBuilder().AppendLine().AppendLine($"{SolutionName()} is running");
        foreach (var (label, value) in lines)
            text.AppendLine($"  {label.PadRight(width)}  {value}");
        return text.AppendLine("Press Ctrl+C to stop.").ToString();
    }

    private string SolutionName()
    {
        for (var folder = new DirectoryInfo(runner.Settings.AppHostDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln*").FirstOrDefault() is { } solution)
                return Path.GetFileNameWithoutExtension(solution.Name);
        }

        return "The application";
    }
}
