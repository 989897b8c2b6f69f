using Chat.Agent;
using Memory.Client;
using Memory.Models;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddModels();
builder.AddMemoryClient("https+http://memory-api");
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddScoped<Conversation>();
builder.Services.AddSingleton<WarmUp>();
builder.Services.AddHostedService(services => services.GetRequiredService<WarmUp>());
builder.Services.AddHealthChecks().AddCheck<WarmUp>("memory");
builder.AddChatFormat();

var app = builder.Build();
app.UseExceptionHandler();
app.UseContentSecurityPolicy();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapDefaultEndpoints();
app.MapChat();
app.Run();

/// <summary>The demo agent; tests start it in their own process.</summary>
public partial class Program;
