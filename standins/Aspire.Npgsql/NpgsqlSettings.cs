namespace Aspire.Npgsql;

/// <summary>What <c>Aspire:Npgsql</c>, and <c>Aspire:Npgsql:{name}</c> over it, may set.</summary>
public class NpgsqlSettings
{
    /// <summary><c>ConnectionStrings:{name}</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableMetrics { get; set; }
}
