using Memory.Api.Mem0.Server;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Mvc;

namespace Memory.Api.Mem0;

/// <summary>
/// The surface that existing mem0 clients speak. Its shapes live in this folder and nowhere else; each path answers with
/// and without its trailing slash.
/// </summary>
internal static class Mem0Endpoints
{
    internal static void MapMem0(this IEndpointRouteBuilder app)
    {
        // Whether a key is good is told to every key that is.
        app.MapGet("/v1/ping/", Ping.Answer).RequireAuthorization();
        app.MapMem0Reading();
        app.MapMem0Writing();
        app.MapMem0Project();
        app.MapServer();
    }

    private static void MapMem0Reading(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessScope.Read);
        read.MapGet("/v1/event/{id}/", EventBody.GetAsync);
        read.MapGet("/v1/events/", EventList.ListAsync);
        read.MapGet("/v1/memories/events/", EventList.ListAsync);
        read.MapPost("/v1/memories/search/", Search.V1Async);
        read.MapPost("/v2/memories/search/", Search.V2Async);
        read.MapPost("/v3/memories/search/", Search.V3Async);
        read.MapGet("/v1/memories/", MemoryList.V1Async);
        read.MapGet("/v2/memories/", MemoryList.V1Async);
        read.MapPost("/v2/memories/", MemoryList.V2Async);
        read.MapPost("/v3/memories/", MemoryList.V3Async);
        read.MapGet("/v1/memories/{id}/", Item.GetAsync);
        read.MapGet("/v1/memories/{id}/history/", HistoryBody.GetAsync);
        read.MapGet("/v1/entities/", Entities.ListAsync);
        read.MapPost("/v1/summary/", Summary.GetAsync);
        read.MapPost("/v1/exports/get/", Exports.GetAsync);
    }

    private static void MapMem0Writing(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder write = app.MapGroup("").RequireAuthorization(AccessScope.Write);
        write.MapPost("/v1/memories/", Add.V1Async);
        write.MapPost("/v3/memories/add/", Add.V3Async);
        write.MapPut("/v1/memories/{id}/", Item.PutAsync);
        write.MapPost("/v1/exports/", Exports.AskAsync);
        write.MapPut("/v1/batch/", Batch.PutAsync).WithMetadata(new RequestSizeLimitAttribute(Batch.MaxBodySize));
        write.MapPost("/v1/feedback/", FeedbackBody.GiveAsync);

        RouteGroupBuilder delete = app.MapGroup("").RequireAuthorization(AccessScope.Delete);
        delete.MapDelete("/v1/memories/", DeleteAll.RunAsync);
        delete.MapDelete("/v1/memories/{id}/", Item.DeleteAsync);
        delete.MapDelete("/v1/batch/", Batch.DeleteAsync).WithMetadata(new RequestSizeLimitAttribute(Batch.MaxBodySize));
        delete.MapDelete("/v2/entities/{type}/{**name}", Entities.DeleteAsync);
    }

    private static void MapMem0Project(this IEndpointRouteBuilder app)
    {
        const string projects = "/api/v1/orgs/organizations/{org}/projects/";
        app.MapGet($"{projects}{{project}}/", Project.GetAsync).RequireAuthorization(AccessScope.Read);
        app.MapPatch($"{projects}{{project}}/", Project.PatchAsync).RequireAuthorization(AccessScope.Admin);
        app.MapDelete($"{projects}{{project}}/", Project.Refuse).RequireAuthorization(AccessScope.Admin);
        app.MapPost(projects, Project.Refuse).RequireAuthorization(AccessScope.Admin);

        RouteGroupBuilder webhooks = app.MapGroup("/api/v1/webhooks").RequireAuthorization(AccessScope.Admin);
        webhooks.MapGet("/projects/{project}/", Webhooks.ListAsync);
        webhooks.MapPost("/projects/{project}/", Webhooks.AddAsync);
        webhooks.MapPut("/{id}/", Webhooks.ChangeAsync);
        webhooks.MapDelete("/{id}/", Webhooks.DeleteAsync);
    }
}
