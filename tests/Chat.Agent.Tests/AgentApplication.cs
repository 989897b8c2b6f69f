using System.Net;
using Memory.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Agent.Tests;

/// <summary>The agent's real program; its model and its memory are a test's.</summary>
internal sealed class AgentApplication : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;

    internal AgentApplication(
        string memory, ScriptedModel? model = null, string environment = "Development", IPAddress? from = null, TimeProvider? time = null,
        params (string Name, string Value)[] settings)
    {
        Model = model ?? new ScriptedModel("Noted.");
        (string, string)[] all =
        [
            ("services:memory-api:http:0", memory),
            ("Memory:Client:ApiKey", ScriptedMemory.Key),
            // A slow machine is no reason to do without memory; what shall hang, hangs for longer.
            ("Memory:Client:RecallMilliseconds", "20000"),
            ("Memory:Client:AppendMilliseconds", "20000"),
            .. settings,
        ];
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment(environment);
            foreach ((string name, string value) in all)
                host.UseSetting(name, value);
            host.ConfigureServices(services =>
            {
                services.AddKeyedSingleton<IChatClient>(ModelRole.Chat, Model);
                if (time is not null)
                    services.AddSingleton(time);
                if (from is not null)
                    services.AddSingleton<IStartupFilter>(new From(from));
            });
        });
    }

    internal ScriptedModel Model { get; }

    internal AgentClient Agent => new(_factory.CreateClient());

    public ValueTask DisposeAsync() => _factory.DisposeAsync();

    /// <summary>Pretends that every request comes from an address.</summary>
    private sealed class From(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = address;
                return rest(context);
            });
            next(app);
        };
    }
}
