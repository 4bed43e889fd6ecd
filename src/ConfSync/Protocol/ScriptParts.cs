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
    public static IReadOnlyList<string> Of(ConversationMode mode, ServiceSet services, bool roles = false, bool indexed = false) => mode switch
    {
        ConversationMode.Roles => Roles,
        ConversationMode.Setup => Setup,
        ConversationMode.Place => Place,
        ConversationMode.Push or ConversationMode.DryRun => [.. Parent(services), "main", .. View(services), "push/in-view", .. Runner(services, roles, indexed), "push/again"],
        _ => InOne(mode, services, roles, indexed),
    };

    // Of what does not start its script again. wire is first, because it removes the login's own functions before the script defines
    // any; main is last, because it begins the work.
    private static IReadOnlyList<string> InOne(ConversationMode mode, ServiceSet services, bool roles, bool indexed)
    {
        var nginx = services.Nginx is not null;
        return
        [
            "lib/wire", "lib/check", "lib/system", "lib/settings", "lib/session", "guard/directories", "guard/paths", "look/scan",
            Scan(indexed), "service/processes", .. Nginx(nginx, "master", "workers", "files"), Shared(services, "part"),
            .. mode switch
            {
                ConversationMode.Compare => [.. Look(), "look/ages", "look/read", .. Asked(roles), "requests/compare"],
                ConversationMode.Status => [.. Look(), "look/ages", "look/history", "look/status", "requests/status"],
                ConversationMode.Doctor => [.. Look(), "look/history", "look/status", "look/doctor", "look/doctor-nginx", "requests/doctor"],
                ConversationMode.History => [.. Look(), "look/history", "requests/history"],
                _ => (IEnumerable<string>)
                [
                    "lib/reason", "primary/attempt", "lib/programs", "lib/recall", "lib/failpoint", "lib/unwatched", "primary/settings", "look/read",
                    .. Nginx(nginx, "test", "proof"), .. nginx ? ["primary/test"] : Array.Empty<string>(), "primary/save", "primary/decision", "primary/runs", "requests/primary",
                ],
            },
            "main",
        ];

        IEnumerable<string> Look() =>
        [
            .. services.IsNginxAlone ? Array.Empty<string>() : ["lib/recall"], .. services.HasOwn ? ["lib/programs"] : Array.Empty<string>(), "lib/unwatched", "guard/holder",
            .. nginx ? Nginx(true, "serving") : ["service/absent/look", .. Ages()],
            Shared(services, "look"), .. services.IsNginxAlone ? Array.Empty<string>() : ["service/several/begin"], .. BuiltIn(services, "program"), .. Others(services, _ => []), "look/facts", "look/begin",
        ];

        // The workers are asked for there only.
        IEnumerable<string> Ages() => mode is ConversationMode.History ? [] : ["service/absent/ages"];
    }

    // A push starts its script three times. A shell reads it command by command, so each of the three reads no more than it needs: main
    // begins the work of the parent, in-view that of the test in a view, and again that of the runner.
    private static IEnumerable<string> Parent(ServiceSet services) =>
    [
        "lib/wire", "lib/check", "lib/system", "lib/settings", "lib/reason", "push/attempt", "guard/directories", "guard/holder", "guard/lock",
        Shared(services, "part"), "requests/push", "push/parent",
    ];

    private static IEnumerable<string> View(ServiceSet services) =>
    [
        "lib/programs", "lib/recall", "service/processes",
        .. services.Nginx is not null ? Nginx(true, "master", "workers", "files", "test", "proof") : ["service/absent/look"],
        .. services.IsNginxAlone ? Array.Empty<string>() : ["service/several/look"], .. BuiltIn(services, "program", "run"), Shared(services, "push"),
        .. Others(services, folder => InPush[folder]), "push/files", "push/plan", "push/journal", "push/activate", "push/view",
    ];

    private static IEnumerable<string> Runner(ServiceSet services, bool roles, bool indexed) =>
    [
        "lib/session", "lib/failpoint", "push/settings", "guard/paths", "guard/watch", "look/scan", Scan(indexed), "look/facts", "look/history", "look/read", .. Asked(roles),
        "service/record", .. Nginx(services.Nginx is not null, "serving", "logs", "record", "reload"), "service/health", "push/begin", "push/stage", "push/keep-old",
        "push/undo", "push/repairs", "push/generations", "push/transaction", "push/answers", "push/recovery",
    ];

    private static string Scan(bool indexed) => indexed ? "look/scan-younger" : "look/scan-all";

    private static string[] Asked(bool roles) => roles ? ["look/roles"] : [];

    private static string Shared(ServiceSet services, string part) => services.IsNginxAlone ? $"service/alone/{part}" : $"service/several/{part}";

    // What those of the administrator's own have no use for.
    private static IEnumerable<string> BuiltIn(ServiceSet services, params string[] parts) =>
        services.Others.Any(service => service.Own is null) ? parts.Select(part => $"service/several/{part}") : [];

    private static IEnumerable<string> Others(ServiceSet services, Func<string, string[]> further) =>
        services.Others.Select(service => service.Own is null ? service.Name : Own).Distinct()
            .SelectMany(folder => further(folder).Prepend("find").Select(part => $"service/{folder}/{part}"));

    private static IEnumerable<string> Nginx(bool takesPart, params string[] parts) =>
        takesPart ? parts.Select(part => $"service/nginx/{part}") : [];
}
