using System.ComponentModel.DataAnnotations;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Ingestor;

/// <summary>
/// <c>Memory.Ingestor migrate</c>: brings the database to this build's version, makes the login roles, the default project
/// and its key, and ends. It is the only one that is given the owner's connection. <c>migrate reembed</c> also makes all
/// vectors anew, where another embedding model is configured than they were made by.
/// </summary>
internal static class MigrateCommand
{
    internal static async Task<int> RunAsync(string[] args)
    {
        bool reembed = args is ["reembed", ..];
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(reembed ? args[1..] : args);
        builder.AddServiceDefaults();
        // The services wait for this command: settings that they would refuse are refused here, before any of them starts.
        builder.AddModels();
        using IHost host = builder.Build();
        using var stop = new CancellationTokenSource();
        using var onSignal = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => stop.Cancel());
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            host.Services.RequireModels();
            await host.StartAsync(stop.Token);
            await MigrateAsync(host.Services, reembed, stop.Token);
            await host.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("migrate: stopped before its end; run it again to go on");
            return 1;
        }
        catch (Exception cause) when (cause is OptionsValidationException or ValidationException or MigrationException or NpgsqlException or MemoryException or ModelException)
        {
            await Console.Error.WriteLineAsync($"migrate: {cause.Message}");
            return 1;
        }
    }

    private static async Task MigrateAsync(IServiceProvider services, bool reembed, CancellationToken cancellationToken)
    {
        IConfiguration configuration = services.GetRequiredService<IConfiguration>();
        string connection = configuration.GetConnectionString(StorageOptions.Database)
            ?? throw new ValidationException($"ConnectionStrings:{StorageOptions.Database} is missing: the database to migrate, as its owner.");
        RolePasswords passwords = Bind<RolePasswords>(configuration, RolePasswords.Section);
        BootstrapOptions bootstrap = Bind<BootstrapOptions>(configuration, BootstrapOptions.Section);

        await new Migrator(connection, services.GetRequiredService<ILogger<Migrator>>()).MigrateAsync(passwords, cancellationToken);
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(connection);
        var db = new MemoryDb(owner);
        await new Bootstrap(db).EnsureAsync(bootstrap, cancellationToken);

        EmbeddingModel model = services.GetRequiredService<EmbeddingModel>();
        var space = new VectorSpace(model.Id, model.Dimensions);
        if (reembed)
            await ReembedAsync(services, space, connection, passwords, cancellationToken);
        await space.RequireAsync(db, cancellationToken);
    }

    // It reads what people said, so it does so as the worker, to whom row level security applies.
    private static async Task ReembedAsync(
        IServiceProvider services, VectorSpace space, string connection, RolePasswords passwords, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlDataSourceBuilder(connection);
        builder.ConnectionStringBuilder.Username = DatabaseRoles.Worker;
        builder.ConnectionStringBuilder.Password = passwords.WorkerPassword;
        builder.UseVector();
        await using NpgsqlDataSource worker = builder.Build();
        await new Reembedding(
            new MemoryDb(worker), space,
            services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(ModelRole.Embed),
            services.GetRequiredService<ILogger<Reembedding>>()).RunAsync(cancellationToken);
    }

    private static T Bind<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        T options = configuration.GetSection(section).Get<T>() ?? new T();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
