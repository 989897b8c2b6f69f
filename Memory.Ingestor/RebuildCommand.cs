using Memory.Core;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Models;
using Microsoft.Extensions.Options;

namespace Memory.Ingestor;

/// <summary>
/// <c>Memory.Ingestor rebuild --owner user:alice</c>: makes an owner's memory anew beside the old one and prints how they
/// differ. <c>--decide-anew</c> asks today's prompts and models instead of carrying out what was decided; <c>--apply</c>
/// switches over; <c>--project ID</c> is for any but the default one.
/// </summary>
internal static class RebuildCommand
{
    private const string Usage = "usage: rebuild --owner KIND:ID [--project ID] [--decide-anew] [--apply], KIND being user, agent, app or run";

    internal static async Task<int> RunAsync(string[] args)
    {
        if (Wanted.Of(args) is not { } wanted)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        HostApplicationBuilder builder = Host.CreateApplicationBuilder(wanted.Rest);
        builder.AddServiceDefaults();
        builder.AddMemoryCore();
        using IHost host = builder.Build();
        using var stop = new CommandStop();
        try
        {
            // Nothing of a service runs beside it.
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            RebuildReport report = await host.Services.GetRequiredService<Rebuild>().RunAsync(wanted.Lane, wanted.Anew, wanted.Apply, stop.Token);
            Print(report);
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("rebuild: stopped; nothing was changed");
            return 1;
        }
        catch (Exception cause) when (cause is MemoryException or ModelException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"rebuild: {cause.Message}");
            return 1;
        }
    }

    private static void Print(RebuildReport report)
    {
        foreach (string line in report.Difference)
            Console.WriteLine(line);
        if (report.NotCarriedOver > 0)
            Console.WriteLine($"{report.NotCarriedOver} direct writes found nothing to change");
        Console.WriteLine($"{report.Memories} memories, {(report.Difference.Count == 0 ? "the same as before" : $"{report.Difference.Count} lines differ")}{(report.Switched ? "; switched over" : "")}");
    }

    private sealed record Wanted(Lane Lane, bool Anew, bool Apply, string[] Rest)
    {
        /// <returns>Null: it cannot be understood.</returns>
        internal static Wanted? Of(string[] args)
        {
            Owner? owner = null;
            ProjectId project = Bootstrap.DefaultProject;
            bool anew = false, apply = false;
            List<string> rest = [];
            for (var i = 0; i < args.Length; i++)
            {
                switch (args[i])
                {
                    case "--owner" when i + 1 < args.Length && OwnerOf(args[++i]) is { } given:
                        owner = given;
                        break;
                    case "--project" when i + 1 < args.Length && Guid.TryParse(args[++i], out Guid id):
                        project = new ProjectId(id);
                        break;
                    case "--decide-anew":
                        anew = true;
                        break;
                    case "--apply":
                        apply = true;
                        break;
                    case "--owner" or "--project":
                        return null;
                    default:
                        rest.Add(args[i]);
                        break;
                }
            }

            return owner is null ? null : new Wanted(new Lane(project, owner.Value), anew, apply, [.. rest]);
        }

        private static Owner? OwnerOf(string text) => text.Split(':', 2) is [("user" or "agent" or "app" or "run") and var kind, { Length: > 0 } id]
            ? new Owner(Owner.ParseKind(kind), id)
            : null;
    }
}
