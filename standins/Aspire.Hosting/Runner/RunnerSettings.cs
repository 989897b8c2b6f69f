namespace Aspire.Hosting.Runner;

/// <summary>Under test nothing is printed, no port is fixed, there is no dashboard, and one failed resource does not stop the rest.</summary>
internal sealed record RunnerSettings(string AppHostDirectory, bool IsTest);
