using Memory.Core.Privacy;

namespace Memory.Api.Mem0;

/// <summary>
/// The surface that existing mem0 clients speak. Its shapes live in this folder and nowhere else; each path answers with
/// and without its trailing slash.
/// </summary>
internal static class Mem0Endpoints
{
    internal static void MapMem0(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessScope.Read);
        read.MapGet("/v1/ping/", Ping.Answer);
        read.MapGet("/v1/event/{id}/", EventBody.GetAsync);
        read.MapGet("/v1/events/", EventList.ListAsync);
        read.MapPost("/v3/memories/search/", SearchV3.SearchAsync);
        read.MapPost("/v3/memories/", ListV3.ListAsync);
        read.MapGet("/v1/memories/{id}/", Item.GetAsync);
        read.MapGet("/v1/memories/{id}/history/", HistoryBody.GetAsync);

        app.MapPost("/v3/memories/add/", AddV3.AddAsync).RequireAuthorization(AccessScope.Write);
        app.MapPut("/v1/memories/{id}/", Item.PutAsync).RequireAuthorization(AccessScope.Write);
        app.MapDelete("/v1/memories/{id}/", Item.DeleteAsync).RequireAuthorization(AccessScope.Delete);
    }
}
