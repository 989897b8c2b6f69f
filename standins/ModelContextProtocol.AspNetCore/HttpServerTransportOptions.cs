namespace ModelContextProtocol.AspNetCore;

/// <summary>Options of the streamable HTTP transport.</summary>
public class HttpServerTransportOptions
{
    private const string Sessions = "Sessions are of protocol revisions before 2026-07-28.";

    public HttpServerSessionMode SessionMode { get; set; } = HttpServerSessionMode.Stateless;

    public bool Stateless
    {
        get => SessionMode == HttpServerSessionMode.Stateless;
        set => SessionMode = value ? HttpServerSessionMode.Stateless : HttpServerSessionMode.Stateful;
    }

    /// <summary>How long a session may be without a request. Looked at every five seconds.</summary>
    [Obsolete(Sessions, DiagnosticId = "MCP9006")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Most idle sessions: those that were idle longest are closed for new ones.</summary>
    [Obsolete(Sessions, DiagnosticId = "MCP9006")]
    public int MaxIdleSessionCount { get; set; } = 10_000;

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
