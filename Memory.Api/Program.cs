using Memory.Api;
using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Api.Mem0;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMemoryCore();
builder.AddApiKeyAuthentication();
builder.AddWireFormat();
builder.AddEventStream();
builder.AddWarmUp();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages(ErrorBody.WriteForStatusAsync);
app.UseAuthentication();
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
app.MapMem0();
app.Run();

/// <summary>The memory API; tests start it in their own process.</summary>
public partial class Program;
