using System.Collections.Immutable;
using System.Globalization;

namespace ConfSync.Transport;

/// <summary>What OpenSSH's configuration says about one host: the answer of <c>ssh -G</c>, which has evaluated Host, Match
/// and Include. Pure.</summary>
internal sealed class SshSettings
{
    // What has no effect on a session without a terminal and without forwarding, or is the same in this process. Any other
    // keyword may matter, so that OpenSSH has to do with it.
    private static readonly HashSet<string> WithoutEffect =
    [
        "addkeystoagent", "batchmode", "canonicaldomains", "canonicalizefallbacklocal", "canonicalizemaxdots",
        "canonicalizepermittedcnames", "casignaturealgorithms", "certificatefile", "channeltimeout", "ciphers", "clearallforwardings",
        "connecttimeout", "controlmaster", "controlpath", "controlpersist", "enableescapecommandline", "enablesshkeysign",
        "escapechar", "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardagent", "forwardx11",
        "forwardx11timeout", "forwardx11trusted", "gatewayports", "globalknownhostsfile", "gssapiauthentication",
        "gssapidelegatecredentials", "gssapikexalgorithms", "gssapikeyexchange", "gssapirenewalforcesrekey", "gssapitrustdns",
        "hashknownhosts", "host", "hostbasedacceptedalgorithms", "hostkeyalgorithms", "hostkeyalias", "hostname", "identitiesonly",
        "identityagent", "identityfile", "ignoreunknown", "ipqos", "kbdinteractiveauthentication", "kexalgorithms", "localcommand",
        "localforward", "dynamicforward", "remoteforward", "loglevel", "logverbose", "macs", "nohostauthenticationforlocalhost",
        "numberofpasswordprompts", "obscurekeystroketiming", "passwordauthentication", "permitlocalcommand", "permitremoteopen",
        "port", "proxyusefdpass", "pubkeyacceptedalgorithms", "remotecommand", "requesttty", "requiredrsasize", "securitykeyprovider",
        "sendenv", "serveralivecountmax", "serveraliveinterval", "sessiontype", "setenv", "stdinnull", "streamlocalbindmask",
        "streamlocalbindunlink", "stricthostkeychecking", "syslogfacility", "tag", "tcpkeepalive", "tunnel", "tunneldevice",
        "updatehostkeys", "user", "userknownhostsfile", "versionaddendum", "visualhostkey", "warnweakcrypto", "xauthlocation",
    ];

    // Any other value needs OpenSSH. Several values of one keyword have the same meaning in different versions.
    private static readonly Dictionary<string, string[]> Harmless = new()
    {
        ["addressfamily"] = ["any", "inet", "inet6"],
        ["canonicalizehostname"] = ["false", "no"],
        ["checkhostip"] = ["no", "false"],
        ["compression"] = ["no", "false"],
        ["connectionattempts"] = ["1"],
        ["hostbasedauthentication"] = ["no", "false"],
        ["knownhostscommand"] = ["none"],
        ["pkcs11provider"] = ["none"],
        ["proxycommand"] = ["none"],
        ["proxyjump"] = ["none"],
        ["pubkeyauthentication"] = ["true", "yes", "unbound", "host-bound"],
        ["rekeylimit"] = ["0 0"],
        ["revokedhostkeys"] = ["none"],
        ["verifyhostkeydns"] = ["false", "no"],
    };

    private readonly ILookup<string, string> values;

    private SshSettings(ILookup<string, string> values, string? hostName = null) =>
        (this.values, HostName) = (values, hostName ?? values["hostname"].FirstOrDefault() ?? "");

    /// <summary>The keyword that only OpenSSH can obey; null where there is none.</summary>
    public string? Obstacle => values
        .Where(setting => !WithoutEffect.Contains(setting.Key) && !(Harmless.TryGetValue(setting.Key, out var harmless) && setting.All(harmless.Contains)))
        .Select(setting => setting.Key).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The name or address to connect to.</summary>
    public string HostName { get; }

    public int Port => Number("port", 22);

    public string User => One("user") ?? "";

    public string AddressFamily => One("addressfamily") ?? "any";

    /// <summary>The name under which the host's key is known; null for its own.</summary>
    public string? HostKeyAlias => One("hostkeyalias") is { } alias && alias != "none" ? alias : null;

    /// <summary>The files with known host keys. A name with a space is seen as several.</summary>
    public ImmutableArray<string> KnownHostsFiles =>
        [.. values["userknownhostsfile"].Concat(values["globalknownhostsfile"]).SelectMany(files => files.Split(' '))];

    public ImmutableArray<string> IdentityFiles => [.. values["identityfile"]];

    public ImmutableArray<string> CertificateFiles => [.. values["certificatefile"].Where(file => file != "none")];

    public bool IdentitiesOnly => One("identitiesonly") is "yes" or "true";

    /// <summary>Where the agent is, if it is not where <c>SSH_AUTH_SOCK</c> says; null where it is there.</summary>
    public string? IdentityAgent => One("identityagent");

    public ImmutableArray<string> KeyExchanges => List("kexalgorithms");

    public ImmutableArray<string> Ciphers => List("ciphers");

    public ImmutableArray<string> Macs => List("macs");

    public ImmutableArray<string> HostKeyAlgorithms => List("hostkeyalgorithms");

    /// <summary>What the user's keys may sign with.</summary>
    public ImmutableArray<string> IdentityAlgorithms => List("pubkeyacceptedalgorithms");

    /// <summary>The fewest bits of an RSA key, on either side.</summary>
    public int LeastRsaSize => Number("requiredrsasize", 1024);

    public bool ShowsBanner => One("loglevel") is not ("QUIET" or "FATAL" or "ERROR");

    /// <summary>The user's keys are the only ways to log in that are left to this process.</summary>
    public bool AllowsKeys => One("preferredauthentications") is not { } ways || ways.Split(',').Contains("publickey");

    /// <summary>No other machine is between this one and the host.</summary>
    public bool IsDirect => values["proxyjump"].Concat(values["proxycommand"]).All(proxy => proxy == "none");

    /// <summary>The same for another host of which the configuration says nothing else.</summary>
    /// <param name="host">As ssh is given it.</param>
    public SshSettings Of(string host) => new(values, host.ToLowerInvariant());

    /// <summary>Reads the answer of <c>ssh -G</c>.</summary>
    public static SshSettings Parse(string answer) => new(
        answer.Split('\n').Select(line => line.Split(' ', 2)).Where(words => words.Length == 2)
            .ToLookup(words => words[0].ToLowerInvariant(), words => words[1]));

    /// <summary>The environment that the configuration sends to the command: SetEnv counts before SendEnv.</summary>
    /// <param name="own">The variables of this process that may be sent at all.</param>
    public ImmutableArray<KeyValuePair<string, string>> Environment(IEnumerable<KeyValuePair<string, string>> own)
    {
        var set = values["setenv"].Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)
            .Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToList();
        var patterns = values["sendenv"].SelectMany(patterns => patterns.Split(' ')).ToList();
        var sent = own.Where(variable => patterns.Exists(pattern => NamePattern.Matches(pattern, variable.Key)) && !set.Exists(other => other.Key == variable.Key));
        return [.. set, .. sent];
    }

    private string? One(string keyword) => values[keyword].FirstOrDefault();

    private int Number(string keyword, int otherwise) =>
        int.TryParse(One(keyword), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private ImmutableArray<string> List(string keyword) => [.. (One(keyword) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
}

/// <summary>Patterns of ssh_config(5) with * and ?.</summary>
internal static class NamePattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty) return name.IsEmpty;
        if (pattern[0] != '*') return !name.IsEmpty && (pattern[0] == '?' || pattern[0] == name[0]) && Matches(pattern[1..], name[1..]);
        var rest = pattern.TrimStart('*');
        if (rest.IsEmpty) return true;
        for (var i = 0; i <= name.Length; i++)
        {
            if (Matches(rest, name[i..])) return true;
        }
        return false;
    }
}
