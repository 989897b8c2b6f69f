using Memory.Core;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Api.Commands;

/// <summary>
/// What an operator does from the command line, with the API's own connection. What was asked for goes to the standard output,
/// and nothing else does. Exit code 2: it was not understood; 1: it could not be done.
/// </summary>
internal static class OperatorCommand
{
    /// <summary>What the audit log names.</summary>
    internal const string Actor = "operator";

    internal static async Task<int> RunAsync(string name, Func<IServiceProvider, CancellationToken, Task> work)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddStorage();
        builder.AddPrivacy();
        using IHost host = builder.Build();
        using var stop = new CommandStop();
        try
        {
            if (builder.Configuration.GetConnectionString(StorageOptions.Database) is null)
                return await FailAsync(name, $"ConnectionStrings:{StorageOptions.Database} is missing: the memory database, as the API reaches it.");
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            await work(host.Services, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return await FailAsync(name, "stopped");
        }
        catch (PostgresException cause) when (cause.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return await FailAsync(name, $"this connection's role may not do that: use the role {DatabaseRoles.Api}, or the database's owner.");
        }
        catch (Exception cause) when (cause is MemoryException or OptionsValidationException or NpgsqlException)
        {
            return await FailAsync(name, cause.Message);
        }
    }

    internal static async Task<int> RefuseAsync(string name, string why, string usage)
    {
        await Console.Error.WriteLineAsync($"{name}: {why}");
        await Console.Error.WriteLineAsync(usage);
        return 2;
    }

    /// <summary>Whoever holds the connection may do all of it: the principal of the command line, in one project.</summary>
    internal static Principal Operator(ProjectId project) =>
        new(project, Guid.Empty, Actor, AccessScope.All.ToHashSet(StringComparer.Ordinal), null);

    private static async Task<int> FailAsync(string name, string why)
    {
        await Console.Error.WriteLineAsync($"{name}: {why}");
        return 1;
    }
}

/// <summary>Arguments that are not understood; the message says which.</summary>
internal sealed class UsageException(string message) : Exception(message);
