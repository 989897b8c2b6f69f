using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Runner;

/// <summary>How Aspire.Hosting.Testing takes part in an AppHost's own entry point; it flows with the thread that runs it.</summary>
internal sealed class TestingHook
{
    private static readonly AsyncLocal<TestingHook?> s_current = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TestingHook? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public required Action<DistributedApplicationOptions, HostApplicationBuilderSettings> Constructing { get; init; }

    public required Action<DistributedApplicationBuilder> Building { get; init; }

    public required Action<DistributedApplication> Built { get; init; }

    public Task Finished => _finished.Task;

    public void Finish() => _finished.TrySetResult();
}
