using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>
/// Decides which files are secret. Their contents are never shown, and only the beginning of their digests is, because the
/// whole digest of a short password is as good as the password. REDACT makes any file secret. SHOW frees a file that is
/// secret by its name or mode, or because it holds passwords. SHOW never frees a file that holds a private key, or that
/// REDACT names too.
/// </summary>
internal sealed partial class Secrets(SyncConfig config)
{
    private const int ReadableByOthers = 4; // 0004
    private const int SearchableByOthers = 1; // 0001

    private readonly ExcludeRules redact = new(config.Redact);
    private readonly ExcludeRules show = new(config.Show);

    /// <summary>The directories that not everybody may enter. A file in them is private whatever its own mode is.</summary>
    public static IEnumerable<string> Closed(IEnumerable<Entry> entries) => entries
        .Where(entry => entry.Kind == EntryKind.Directory && (entry.Mode & SearchableByOthers) == 0).Select(entry => entry.Path);

    /// <summary>Marks each entry as far as its secrecy can be told without its content.</summary>
    /// <param name="local">The whole desired Snapshot, because patterns are relative to the paths of CONFPATHS.</param>
    /// <param name="closed">The <see cref="Closed"/> directories of either side.</param>
    /// <returns>The entries in the same order, and the paths that SHOW names.</returns>
    public (IReadOnlyList<ComparedEntry> Entries, IReadOnlySet<string> Shown) Mark(
        IReadOnlyCollection<ComparedEntry> entries, Snapshot local, IReadOnlySet<string> closed)
    {
        var files = entries.Select(entry => entry.Local ?? entry.Remote!).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (var root in config.ConfPaths.Select(path => local[path]).OfType<Entry>()) files.TryAdd(root.Path, root);
        var all = new Snapshot(files.Values);
        var redacted = Named(redact, all);
        var shown = Named(show, all);
        return ([.. entries.Select(entry => entry with { Secrecy = SecrecyOf(entry) })], shown);

        Secrecy SecrecyOf(ComparedEntry entry) =>
            redacted.Contains(entry.Path) ? Secrecy.Redacted
            : shown.Contains(entry.Path) ? Secrecy.None
            : HasSecretName(entry.Path) ? Secrecy.Name
            : IsPrivate(entry.Local) || IsPrivate(entry.Remote) || PosixPath.Ancestors(entry.Path).Any(closed.Contains) ? Secrecy.Mode
            : Secrecy.None;
    }

    private HashSet<string> Named(ExcludeRules rules, Snapshot all) => rules.Divide(all, config.ConfPaths).Excluded.Entries
        .Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);

    private static bool IsPrivate(Entry? entry) => entry is { Kind: EntryKind.File } && (entry.Mode & ReadableByOthers) == 0;

    // Looks at the names beneath a directory of CONFPATHS only, because the name of that directory is the administrator's
    // choice.
    private bool HasSecretName(string path) => config.ConfPaths.Where(root => PosixPath.IsAtOrBeneath(path, root))
        .SelectMany(root => path == root ? [PosixPath.Name(path)] : PosixPath.Relative(root, path).Split('/'))
        .Any(name => SecretName().IsMatch(name));

    // Keys (server.key.bak, SERVER.KEY, privkey.pem, ssh_host_rsa_key, apikey.conf), key stores, passwords, tokens.
    [GeneratedRegex(
        """
        \.key | (^|[._-]|api|priv|private|access|client|crypt|host|master|server|session|sign|signing|ssl|ticket|tls)keys?([._~0-9-]|$)
        | ^id_(rsa|dsa|ecdsa|ed25519) | jwk | privkey | ^private$ | secret | token | credential | passw | passphrase | \.pass | ^\.?pgpass$
        | htpasswd | htdigest | \.pwd | ^g?shadow-?([._~]|$) | ^\.env([._~]|$) | ^[._]netrc | ^\.my\.cnf | ^\.npmrc | ^\.ssh$ | ^\.gnupg$
        | \.(ppk|p12|pfx|pkcs12|p8|pk8|pvk|jks|jceks|bks|kdb|kdbx|keystore|keytab)([._~-]|$)
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretName();
}
