using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Snapshots;

namespace ConfSync.Compare;

/// <summary>Which files are secret: their contents are never shown, and of their digests only the beginning, since the
/// whole digest of a short password is as good as the password. What REDACT names comes on top of what is always
/// secret.</summary>
internal sealed partial class Secrets
{
    private const int ReadableByOthers = 0x24; // 0044

    private readonly ExcludeRules rules;
    private readonly IReadOnlyList<string> confPaths;

    public Secrets(SyncConfig config)
    {
        confPaths = config.ConfPaths;
        rules = new ExcludeRules(config.Redact.Concat(["*.key", "*htpasswd*"]));
    }

    /// <summary>The paths that are secret by their name, or by a key-like name and a mode that keeps others out, on either
    /// side.</summary>
    /// <param name="local">The whole of what ought to be there: patterns are relative to the paths of CONFPATHS.</param>
    public IReadOnlySet<string> Among(IReadOnlyCollection<ComparedEntry> entries, Snapshot local)
    {
        var files = entries.Select(entry => entry.Local ?? entry.Remote!).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (var root in confPaths.Select(path => local[path]).OfType<Entry>()) files.TryAdd(root.Path, root);
        var secret = rules.Divide(new Snapshot(files.Values), confPaths).Excluded.Entries
            .Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => IsKept(entry.Local) || IsKept(entry.Remote))) secret.Add(entry.Path);
        return secret;
    }

    /// <summary>A PEM private key (RFC 7468; "BEGIN … PRIVATE KEY") is somewhere in it.</summary>
    public static bool HoldsPrivateKey(ReadOnlySpan<byte> content) =>
        content.IndexOf("-----BEGIN "u8) >= 0 && PrivateKey().IsMatch(Encoding.Latin1.GetString(content));

    private static bool IsKept(Entry? entry) =>
        entry is { Kind: EntryKind.File } && (entry.Mode & ReadableByOthers) == 0 &&
        KeyLike().IsMatch(PosixPath.Name(entry.Path));

    [GeneratedRegex("-----BEGIN [A-Z0-9 ]*PRIVATE KEY")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"key|secret|passw|token|credential|private|\.(pem|p12|pfx|p8|der|jks)$", RegexOptions.IgnoreCase)]
    private static partial Regex KeyLike();
}
