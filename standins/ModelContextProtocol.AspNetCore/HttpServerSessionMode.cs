namespace ModelContextProtocol.AspNetCore;

/// <summary>How the server keeps state between requests.</summary>
public enum HttpServerSessionMode
{
    Stateless,
    Stateful,
    StatefulForInitializeClients,
}
