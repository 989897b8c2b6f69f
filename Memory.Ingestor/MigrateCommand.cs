using System.ComponentModel.DataAnnotations;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Models;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Ingestor;

/// <summary>
/// <c>Memory.Ingestor migrate</c>: brings the database to this build's version, makes the login roles, the default project
/// and its key, and ends. It is the only one that is given the owner's connection.
/// </summary>
internal static class MigrateCommand
{
    internal static async Task<int> RunAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
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
            await host.StartAsync(stop.Token);
            await MigrateAsync(host.Services, stop.Token);
            await host.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (Exception cause) when (cause is OptionsValidationException or ValidationException or MigrationException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync($"migrate: {cause.Message}");
            return 1;
        }
    }

    private static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        IConfiguration configuration = services.GetRequiredService<IConfiguration>();
        string connection = configuration.GetConnectionString(StorageOptions.Database)
            ?? throw new ValidationException($"ConnectionStrings:{StorageOptions.Database} is missing: the database to migrate, as its owner.");
        RolePasswords passwords = Bind<RolePasswords>(configuration, RolePasswords.Section);
        BootstrapOptions bootstrap = Bind<BootstrapOptions>(configuration, BootstrapOptions.Section);

        await new Migrator(connection, services.GetRequiredService<ILogger<Migrator>>()).MigrateAsync(passwords, cancellationToken);
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(connection);
        await new Bootstrap(new MemoryDb(owner)).EnsureAsync(bootstrap, cancellationToken);
    }

    private static T Bind<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        T options = configuration.GetSection(section).Get<T>() ?? new T();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
