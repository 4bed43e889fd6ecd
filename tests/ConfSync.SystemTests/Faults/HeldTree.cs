using System.Collections.Immutable;

namespace ConfSync.SystemTests.Faults;

/// <summary>All that is under /etc/nginx of a node, as <see cref="Node.TreeAsync"/> tells it, by path; less what a push has
/// staged there.</summary>
internal sealed class HeldTree : IEquatable<HeldTree>
{
    private const string Top = "/etc/nginx";

    private readonly string text;

    private HeldTree(ImmutableSortedDictionary<string, string> entries)
    {
        Entries = entries;
        text = string.Join('\n', entries.Select(entry => entry.Value + " " + entry.Key));
    }

    /// <summary>Kind, mode, owner, and digest or target of each path.</summary>
    public ImmutableSortedDictionary<string, string> Entries { get; }

    public string? this[string path] => Entries.GetValueOrDefault(path);

    public static HeldTree Of(IEnumerable<string> lines) => new(lines
        .Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal))
        .Select(line => (Line: line, At: line.LastIndexOf($" {Top}", StringComparison.Ordinal)))
        .ToImmutableSortedDictionary(entry => entry.Line[(entry.At + 1)..], entry => entry.Line[..entry.At], StringComparer.Ordinal));

    /// <summary>Some paths are something else, or nothing.</summary>
    public HeldTree With(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var entries = Entries.ToBuilder();
        foreach (var (path, entry) in changes)
        {
            if (entry is null) entries.Remove(path);
            else entries[path] = entry;
        }
        return new HeldTree(entries.ToImmutable());
    }

    /// <summary>Paths that are not the same in both.</summary>
    public IEnumerable<string> DifferingFrom(HeldTree other) =>
        Entries.Keys.Union(other.Entries.Keys).Where(path => this[path] != other[path]);

    public bool IsDirectory(string path) => this[path] is ['d', ..];

    /// <summary>What is there of one and not of the other: for people.</summary>
    public string Difference(HeldTree other) => string.Join('\n', DifferingFrom(other).Select(
        path => $"    {path}: {this[path] ?? "nothing"} | {other[path] ?? "nothing"}"));

    public bool Equals(HeldTree? other) => other is not null && text == other.text;

    public override bool Equals(object? obj) => Equals(obj as HeldTree);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;
}
