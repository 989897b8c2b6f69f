using System.Diagnostics;
using Memory.Testing;

namespace Memory.Api.Tests.Commands;

/// <summary>What the service's executable said and did when it was called as a command.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    internal static async Task<CommandRun> OfAsync(string? memorydb, params string[] arguments)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(own.Parent!.Parent!.FullName, "Memory.Api", own.Name);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Memory.Api.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["ConnectionStrings__memorydb"] = memorydb;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return new CommandRun(process.ExitCode, await output, await errors);
    }

    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal CommandRun Ok()
    {
        Assert.True(Code == 0, $"Exit code {Code}: {Errors}");
        return this;
    }
}
