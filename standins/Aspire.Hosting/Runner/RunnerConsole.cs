using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Runner;

/// <summary>Lines of all resources on one console, each with its resource in front; under test they go to the logger.</summary>
internal sealed class RunnerConsole(RunnerSettings settings, DistributedApplicationModel model, ILoggerFactory loggers)
{
    private static readonly int[] s_colors = [36, 32, 35, 33, 34, 31];
    private static readonly bool s_inColor = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };
    private readonly Lazy<int> _width = new(() => model.Resources.OfType<ProjectResource>().Select(project => project.Name.Length).DefaultIfEmpty(8).Max());

    public void Write(ProjectResource project, string name, string line)
    {
        if (settings.IsTest)
        {
            loggers.CreateLogger($"Resources.{project.Name}").LogInformation("{Line}", line);
            return;
        }

        var front = name.PadRight(_width.Value) + " |";
        var color = s_colors[Math.Max(0, model.Resources.IndexOf(project)) % s_colors.Length];
        Console.Out.WriteLine(s_inColor ? $"\e[{color}m{front}\e[0m {line}" : $"{front} {line}");
    }

    public void Say(string line)
    {
        if (!settings.IsTest)
            Console.Out.WriteLine(line);
    }
}
