using Aspire.Hosting.ApplicationModel;
using NativeProcesses;

namespace Aspire.Hosting.Runner;

/// <summary>Gives each endpoint of a project its port, before anything starts.</summary>
internal static class EndpointAllocation
{
    /// <exception cref="DistributedApplicationException">A fixed port is taken; the message says which and how to find its owner.</exception>
    public static void Allocate(DistributedApplicationModel model, bool randomize)
    {
        foreach (var project in model.Resources.OfType<ProjectResource>())
        {
            foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>())
            {
                if (endpoint.TargetPort is not null && project.Replicas() > 1)
                    throw new DistributedApplicationException($"{project.Name} has replicas, so its endpoint {endpoint.Name} can have no target port.");
                var port = randomize || endpoint.Port is null ? NativeTools.FreePort() : Fixed(project, endpoint.Port.Value);
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port);
            }
        }
    }

    public static int Replicas(this ProjectResource project) =>
        project.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private static int Fixed(ProjectResource project, int port) => NativeTools.IsFree(port)
        ? port
        : throw new DistributedApplicationException(
            $"Port {port} ({project.Name}) is taken by another program. Find it with: {(OperatingSystem.IsMacOS() ? $"lsof -nP -iTCP:{port} -sTCP:LISTEN" : $"ss -ltnp 'sport = :{port}'")}");
}
