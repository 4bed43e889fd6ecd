using ConfSync.Services;

namespace ConfSync.Protocol;

/// <summary>Which files of the folder Script a mode has, in their order. What a service needs is only where that service takes
/// part.</summary>
internal static class ScriptParts
{
    // The folder of all services of the administrator's own.
    private const string Own = "own";

    // What a push needs of each service other than nginx.
    private static readonly Dictionary<string, string[]> InPush = new(StringComparer.Ordinal)
    {
        [ServiceDefinition.HAProxy.Name] = ["run", "test", "listeners", "reload"],
        [ServiceDefinition.Keepalived.Name] = ["read", "checks", "test", "reload", "heard", "start"],
        [Own] = ["serve"],
    };

    // Nothing of any service: keepalived is asked in its own way.
    private static readonly string[] Roles =
    [
        "lib/wire", "lib/check", "lib/system", "lib/settings", "lib/session", "guard/paths", "look/scan", "look/scan-all", "lib/unwatched", "service/processes",
        "service/alone/part", "look/read", "look/roles", "look/vrrp", "requests/looking", "requests/roles", "main",
    ];

    // The same, and what starts keepalived for the first time.
    private static readonly string[] Setup = [.. Roles[..^2], "lib/programs", "lib/recall", "cluster/setup", "requests/setup", "main"];

    // The same, and what moves an address.
    private static readonly string[] Place = [.. Roles[..^2], "guard/directories", "cluster/place", "requests/place", "main"];

    /// <returns>The names of the parts, without the folder and the extension.</returns>
    /// <param name="roles">A push also asks which addresses the machine holds.</param>
    /// <param name="indexed">The session may scan with what earlier scans hashed.</param>
    public static IReadOnlyList<string> Of(ConversationMode mode, ServiceSet services, bool roles = false, bool indexed = false)
    {
        if (mode == ConversationMode.Roles) return Roles;
        if (mode == ConversationMode.Setup) return Setup;
        if (mode == ConversationMode.Place) return Place;
        var nginx = services.Nginx is not null;
        // wire is first, because it removes the login's own functions before the script defines any.
        List<string> parts =
        [
            "lib/wire", "lib/check", "lib/system", "lib/settings", "lib/session", "guard/directories", "guard/paths", "look/scan",
            indexed ? "look/scan-younger" : "look/scan-all", "service/processes", .. Nginx(nginx, "master", "workers", "files"), Shared("part"),
        ];
        // main is last, because it begins the work. again begins it where the script has started itself.
        parts.AddRange(mode switch
        {
            ConversationMode.Push or ConversationMode.DryRun => [.. Push(), "main", "push/again"],
            ConversationMode.Compare => [.. Look(), "look/ages", "look/read", .. roles ? ["look/roles"] : Array.Empty<string>(), "requests/compare", "main"],
            ConversationMode.Status => [.. Look(), "look/ages", "look/history", "look/status", "requests/status", "main"],
            ConversationMode.Doctor => [.. Look(), "look/history", "look/status", "look/doctor", "look/doctor-nginx", "requests/doctor", "main"],
            ConversationMode.History => [.. Look(), "look/history", "requests/history", "main"],
            _ =>
            [
                "lib/attempt", "lib/programs", "lib/recall", "lib/failpoint", "lib/unwatched", "primary/settings", "look/read",
                .. Nginx(nginx, "test", "proof"), .. nginx ? ["primary/test"] : Array.Empty<string>(), "primary/save", "primary/decision", "primary/runs", "requests/primary", "main",
            ],
        });
        return parts;

        string Shared(string part) => services.IsNginxAlone ? $"service/alone/{part}" : $"service/several/{part}";

        IEnumerable<string> Look() =>
        [
            .. services.IsNginxAlone ? Array.Empty<string>() : ["lib/recall"], .. services.HasOwn ? ["lib/programs"] : Array.Empty<string>(), "lib/unwatched", "guard/holder",
            .. nginx ? Nginx(true, "serving") : ["service/absent/look", .. Ages()],
            Shared("look"), .. services.IsNginxAlone ? Array.Empty<string>() : ["service/several/begin"], .. BuiltIn("program"), .. Others(_ => []), "look/facts", "look/begin",
        ];

        // The workers are asked for there only.
        IEnumerable<string> Ages() => mode is ConversationMode.History ? [] : ["service/absent/ages"];

        IEnumerable<string> Push() =>
        [
            "lib/attempt", "lib/programs", "lib/recall", "lib/failpoint", "push/settings", "guard/holder", "guard/lock", "guard/watch", "look/facts",
            "look/history", "look/read", .. roles ? ["look/roles"] : Array.Empty<string>(), "service/record", .. nginx ? Nginx(true, "serving", "test", "proof", "logs", "record", "reload") : ["service/absent/look"],
            .. services.IsNginxAlone ? Array.Empty<string>() : ["service/several/look"], .. BuiltIn("program", "run"), Shared("push"), .. Others(folder => InPush[folder]), "service/health",
            "push/files", "push/plan", "push/journal", "push/begin", "push/stage", "push/view", "push/keep-old", "push/activate", "push/undo",
            "push/repairs", "push/generations", "push/transaction", "push/answers", "push/recovery", "push/parent", "requests/push",
        ];

        // What those of the administrator's own have no use for.
        IEnumerable<string> BuiltIn(params string[] parts) =>
            services.Others.Any(service => service.Own is null) ? parts.Select(part => $"service/several/{part}") : [];

        IEnumerable<string> Others(Func<string, string[]> further) =>
            services.Others.Select(service => service.Own is null ? service.Name : Own).Distinct()
                .SelectMany(folder => further(folder).Prepend("find").Select(part => $"service/{folder}/{part}"));
    }

    private static IEnumerable<string> Nginx(bool takesPart, params string[] parts) =>
        takesPart ? parts.Select(part => $"service/nginx/{part}") : [];
}
