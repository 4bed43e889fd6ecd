using System.Net.Sockets;
using ConfSync.Inventory;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>How to log in to a node. A closed set of records.</summary>
internal abstract record SshPlan
{
    private SshPlan()
    {
    }

    /// <summary>In this process.</summary>
    public sealed record Here(SshLogin Login) : SshPlan;

    /// <summary>By the ssh program.</summary>
    /// <param name="Reason">What only ssh can do for this node.</param>
    /// <param name="Server">Where the connection goes, if that is known and nothing is in between; null otherwise.</param>
    public sealed record OpenSsh(string Reason, string? Server) : SshPlan;

    /// <summary>Whose sshd the login is made to.</summary>
    public LoginRoute Route => this switch
    {
        Here { Login: var login } => new LoginRoute(ServerOf(login.Host, login.Port)),
        OpenSsh { Server: var server } => new LoginRoute(server),
        _ => LoginRoute.Unknown,
    };

    /// <summary>Decides from the user's OpenSSH configuration, known hosts and keys.</summary>
    /// <param name="settings">What ssh says about the node.</param>
    /// <param name="timeout">How long each step of the login may take.</param>
    public static SshPlan Of(SshSettings settings, NodeAddress address, TimeSpan timeout)
    {
        if (settings.Obstacle is { } keyword) return Other(keyword);
        if (!settings.AllowsKeys) return Other("preferredauthentications");
        if (settings.HostName.Length == 0 || settings.User.Length == 0) return Other($"the answer of ssh -G for {address.Host}");
        var home = Posix.HomeDirectory;
        if (settings.KnownHostsFiles.Any(file => file != "none" && Expanded(file, home: null) is null)) return Other("userknownhostsfile");
        var known = KnownHosts.Find(
            string.Join('\n', settings.KnownHostsFiles.Select(TextOf)), settings.HostName, settings.Port, settings.HostKeyAlias, settings.LeastRsaSize, out var obstacle);
        if (obstacle is not null) return Other(obstacle);
        if (known.IsEmpty) return Other("no plain host key is known");
        var algorithms = SshAlgorithms.Of(
            settings.KeyExchanges, settings.HostKeyAlgorithms, settings.Ciphers, settings.Macs, [.. known.Select(key => key.Type)]);
        if (algorithms.IsIncomplete) return Other("the algorithms that it allows");
        var files = settings.IdentityFiles.Where(file => file != "none").Select(file => Expanded(file, home)).ToList();
        var certificates = settings.CertificateFiles.Select(file => Expanded(file, home)).ToList();
        if (files.Concat(certificates).Contains(null)) return Other("identityfile");
        var agent = AgentOf(settings.IdentityAgent, home, out var isKnown);
        if (!isKnown) return Other("identityagent");
        var identities = Identities.Load(
            [.. files.OfType<string>()], [.. certificates.OfType<string>()], agent, settings.IdentitiesOnly, settings.IdentityAlgorithms, out obstacle);
        if (obstacle is not null) return Other(obstacle);
        if (identities.IsEmpty) return Other("no key that needs no passphrase");
        return new Here(new SshLogin(
            settings.HostName, settings.Port, settings.User, FamilyOf(settings.AddressFamily), timeout, algorithms, [.. known.Select(key => key.Key)],
            identities, settings.Environment(LocalProgram.PassedEnvironment()), settings.ShowsBanner));

        OpenSsh Other(string reason) => new(reason, settings.IsDirect ? ServerOf(settings.HostName, settings.Port) : null);
    }

    private static string ServerOf(string host, int port) => FormattableString.Invariant($"{host}:{port}");

    private static AddressFamily FamilyOf(string name) => name switch
    {
        "inet" => AddressFamily.InterNetwork,
        "inet6" => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unspecified,
    };

    private static string TextOf(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // ssh expands percent signs and variables when it uses the name.
    private static string? Expanded(string file, string? home) =>
        file.Contains('%') || file.Contains("${", StringComparison.Ordinal) ? null
        : file.StartsWith('/') ? file
        : file.StartsWith("~/", StringComparison.Ordinal) && home is not null ? $"{home}{file[1..]}"
        : null;

    private static SshAgent? AgentOf(string? setting, string? home, out bool isKnown)
    {
        isKnown = true;
        if (setting == "none") return null;
        var path = setting is null or "SSH_AUTH_SOCK" or "$SSH_AUTH_SOCK" ? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") : Expanded(setting, home);
        isKnown = path is not null || setting is null or "SSH_AUTH_SOCK" or "$SSH_AUTH_SOCK";
        return string.IsNullOrEmpty(path) ? null : new SshAgent(path);
    }
}
