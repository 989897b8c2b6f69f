namespace Microsoft.Extensions.Http.Resilience;

public sealed class ResilienceHandlerContext
{
    internal ResilienceHandlerContext(IServiceProvider services, string name)
    {
        ServiceProvider = services;
        BuilderName = name;
    }

    public IServiceProvider ServiceProvider { get; }

    public string BuilderName { get; }
}
