namespace Aspire.Hosting.ApplicationModel;

public class ResourceCommandService
{
    private readonly Runner.ApplicationRunner _runner;

    internal ResourceCommandService(Runner.ApplicationRunner runner) => _runner = runner;

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_runner.Find(resourceId) is not { } run)
            return new ExecuteCommandResult { Success = false, Message = $"Resource '{resourceId}' not found." };
        if (commandName == KnownResourceCommands.StopCommand)
            await run.StopAsync();
        else if (commandName == KnownResourceCommands.StartCommand)
            await run.StartAgainAsync(cancellationToken);
        else if (commandName == KnownResourceCommands.RestartCommand)
            await RestartAsync(run, cancellationToken);
        else
            return new ExecuteCommandResult { Success = false, Message = $"Command '{commandName}' not available for resource '{resourceId}'." };
        return new ExecuteCommandResult { Success = true };
    }

    private static async Task RestartAsync(Runner.ResourceRun run, CancellationToken cancellationToken)
    {
        await run.StopAsync();
        await run.StartAgainAsync(cancellationToken);
    }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? Message { get; init; }
}
