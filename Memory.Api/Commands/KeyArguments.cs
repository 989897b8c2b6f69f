using System.Globalization;
using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Commands;

/// <summary>What <c>keys create</c> and <c>keys list</c> were told.</summary>
/// <param name="Project">A project's name or id.</param>
/// <param name="Lifetime">Null: it holds for ever.</param>
internal sealed record KeyArguments(string? Label, IReadOnlyList<string>? Scopes, Owner? Subject, TimeSpan? Lifetime, string Project)
{
    private const string DefaultProject = "default";

    /// <exception cref="UsageException">Something is not understood.</exception>
    internal static KeyArguments Read(ReadOnlySpan<string> args, params ReadOnlySpan<string> known)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            string name = args[i];
            if (!known.Contains(name))
                throw new UsageException($"'{name}' is not known here");
            if (i + 1 >= args.Length || string.IsNullOrWhiteSpace(args[i + 1]) || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"{name} needs a value");
            if (!given.TryAdd(name, args[i + 1]))
                throw new UsageException($"{name} is given twice");
        }

        return new KeyArguments(
            given.GetValueOrDefault("--label"),
            given.TryGetValue("--scopes", out string? scopes) ? ReadScopes(scopes) : null,
            SubjectOf(given.GetValueOrDefault("--user"), given.GetValueOrDefault("--agent")),
            given.TryGetValue("--expires", out string? expires) ? ReadLifetime(expires) : null,
            given.GetValueOrDefault("--project") ?? DefaultProject);
    }

    internal KeyRequest ToRequest(DateTimeOffset now) => new(Label!, Scopes, Subject, now + Lifetime);

    private static string[] ReadScopes(string text)
    {
        string[] scopes = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return scopes.Length > 0 && scopes.All(AccessScope.All.Contains)
            ? scopes
            : throw new UsageException($"--scopes takes some of {string.Join(",", AccessScope.All)}");
    }

    private static Owner? SubjectOf(string? user, string? agent) => (user, agent) switch
    {
        (null, null) => null,
        (not null, not null) => throw new UsageException("a key is bound to one owner: give --user or --agent, not both"),
        (not null, _) => new Owner(OwnerKind.User, user),
        _ => new Owner(OwnerKind.Agent, agent!),
    };

    private static TimeSpan ReadLifetime(string text)
    {
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        bool isNumber = int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return unit is { } one && isNumber && count > 0 && count * one.TotalDays <= 36_500
            ? one * count
            : throw new UsageException("--expires takes a number of seconds, minutes, hours or days: 90s, 15m, 12h, 30d");
    }
}
