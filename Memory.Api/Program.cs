using Memory.Api;
using Memory.Api.Auth;
using Memory.Api.Commands;
using Memory.Api.Endpoints;
using Memory.Api.Mcp;
using Memory.Api.Mem0;
using Memory.Api.Mem0.Server;
using Memory.Api.OpenApi;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;

if (args is ["mcp", ..])
    return await StdioBridge.RunAsync(args[1..]);
if (args is ["keys", ..])
    return await KeysCommand.RunAsync(args[1..]);
if (args is ["projects", ..])
    return await ProjectsCommand.RunAsync(args[1..]);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMemoryCore();
builder.AddApiKeyAuthentication();
builder.AddWireFormat();
builder.AddEventStream();
builder.AddMcpTools();
builder.AddApiDocument();
builder.AddMem0Server();
builder.AddWarmUp();

var app = builder.Build();
app.UseTrustedProxies();
app.UseRequestId();
app.UseExceptionHandler();
app.UseStatusCodePages(ErrorBody.WriteForStatusAsync);
app.UseCors();
app.UseAuthentication();
app.UseKeyRates();
app.UseAuthorization();
app.MapDefaultEndpoints(mayReadDetails: context => context.User.HasClaim(ApiKeyAuthentication.ScopeClaim, AccessScope.Admin));
app.MapMessages();
app.MapImport();
app.MapRecall();
app.MapEvents();
app.MapHistory();
app.MapConflicts();
app.MapForget();
app.MapSummaries();
app.MapDistilling();
app.MapKeys();
app.MapOssKeys();
app.MapMem0();
app.MapMcpTools();
app.MapApiDocument();
app.Run();
return 0;

/// <summary>The memory API; tests start it in their own process.</summary>
public partial class Program;
