using Memory.Core;
using Memory.Ingestor;

if (args is ["migrate", ..])
    return await MigrateCommand.RunAsync(args[1..]);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMemoryCore();
builder.Services.AddHostedService<IngestionWorker>();
builder.Services.AddHostedService<PartitionSweeper>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
return 0;
