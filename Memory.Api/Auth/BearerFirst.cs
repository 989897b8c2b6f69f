namespace Memory.Api.Auth;

/// <summary>Of a path whose callers expect to be asked for a Bearer; all others expect a Token.</summary>
internal class BearerFirst;
