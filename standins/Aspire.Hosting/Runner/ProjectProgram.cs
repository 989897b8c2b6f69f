using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NativeProcesses;

namespace Aspire.Hosting.Runner;

/// <summary>How the built dll of a project is started: arguments, folder, and the environment that Aspire gives a project.</summary>
internal sealed class ProjectProgram(ProjectResource project, ApplicationRunner runner)
{
    public async Task<ChildProcessStart> StartInfoAsync(int replica, IReadOnlyList<string> urls, Action<string> onLine, CancellationToken cancellationToken)
    {
        var path = project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath;
        var arguments = new List<object>();
        foreach (var annotation in project.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            annotation.Callback(arguments);
        return new ChildProcessStart(DotnetHost(), [Dll(path), .. arguments.Select(argument => argument.ToString()!)])
        {
            Environment = await EnvironmentAsync(replica, urls, cancellationToken),
            WorkingDirectory = Path.GetDirectoryName(path)!,
            OnLine = onLine,
            WholeGroup = true,
        };
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync(int replica, IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        var all = OwnEnvironment.Inherited();
        all["OTEL_SERVICE_NAME"] = project.Name;
        all["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={project.Name}-{replica}";
        foreach (var (name, value) in runner.Telemetry)
            all[name] = value;
        if (urls.Count > 0)
            all["ASPNETCORE_URLS"] = string.Join(';', urls);

        var context = new EnvironmentCallbackContext(
            runner.Services.GetRequiredService<DistributedApplicationExecutionContext>(), project, cancellationToken: cancellationToken);
        foreach (var annotation in project.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        foreach (var (name, value) in context.EnvironmentVariables)
            all[name] = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) ?? "" : value.ToString() ?? "";
        return all;
    }

    // The runtime that runs us also runs the services, wherever it is installed.
    private static string DotnetHost()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var host = Path.Combine(root, "dotnet");
        return File.Exists(host) ? host : NativeTools.OnPath("dotnet") ?? throw new DistributedApplicationException("dotnet is not on PATH.");
    }

    /// <summary>Beside our own output in the artifacts folder, of the same configuration.</summary>
    private static string Dll(string projectPath)
    {
        var name = Path.GetFileNameWithoutExtension(projectPath);
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var dll = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, $"{name}.dll");
        return File.Exists(dll) ? dll : throw new DistributedApplicationException($"it is not built ({dll} is missing): build the solution first.");
    }
}
