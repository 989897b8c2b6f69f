using Memory.Core;
using Memory.Ingestor;

if (args is ["migrate", ..])
    return await MigrateCommand.RunAsync(args[1..]);
if (args is ["rebuild", ..])
    return await RebuildCommand.RunAsync(args[1..]);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMemoryCore();
builder.Services.AddHostedService<IngestionWorker>();
builder.Services.AddHostedService<WebhookSender>();
builder.Services.AddHostedService<Housekeeper>();
builder.Services.AddHostedService<WritePathGauges>();

// What is under way is finished or released before; one after the other, who takes long would leave the others no time.
builder.Services.Configure<HostOptions>(host =>
{
    host.ShutdownTimeout = TimeSpan.FromSeconds(10);
    host.ServicesStopConcurrently = true;
});

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
return 0;
