using Memory.Api.Wire;
using Memory.Core.Privacy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mem0.Server;

/// <summary>The paths of the self-hosted server, which callers without an SDK use; none of them has a prefix.</summary>
internal static class ServerEndpoints
{
    internal static void AddMem0Server(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>());
        builder.Services.AddSingleton<DistillingWait>();
    }

    internal static void MapServer(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder app = routes.MapGroup("").WithMetadata(new ListedErrors());
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessScope.Read);
        read.MapGet("/memories", ServerMemories.ListAsync);
        read.MapGet("/memories/{id}", ServerMemories.GetAsync);
        read.MapGet("/memories/{id}/history", ServerMemories.HistoryAsync);
        read.MapPost("/search", ServerSearch.SearchAsync);
        read.MapGet("/entities", ServerEntities.ListAsync);
        read.MapGet("/configure", ServerConfiguration.GetAsync);
        read.MapGet("/configure/providers", ServerConfiguration.Providers);
        read.MapPost("/generate-instructions", ServerConfiguration.Generate);

        app.MapPost("/memories", ServerAdd.AddAsync).RequireAuthorization(AccessScope.Write);
        app.MapPut("/memories/{id}", ServerMemories.PutAsync).RequireAuthorization(AccessScope.Write);
        app.MapDelete("/memories/{id}", ServerMemories.DeleteAsync).RequireAuthorization(AccessScope.Delete);

        RouteGroupBuilder admin = app.MapGroup("").RequireAuthorization(AccessScope.Admin);
        admin.MapDelete("/memories", ServerMemories.DeleteAllAsync);
        admin.MapDelete("/entities/{type}/{**name}", ServerEntities.DeleteAsync);
        admin.MapPost("/reset", ServerMemories.ResetAsync);
        admin.MapPost("/configure", ServerConfiguration.Refuse);
    }
}
