using System.Collections.Frozen;

namespace ConfSync.Trees;

/// <summary>A file as it was when it was hashed.</summary>
/// <param name="Digest">SHA-256 of its content in lower-case hexadecimal.</param>
public sealed record HashedFile(Identity Identity, long Size, string Digest);

/// <summary>What one scan of a machine hashed, so that the next one need not hash it again. As git does, it counts a file only if
/// nothing about it differs, and if it was not changed right before that scan: a change in the same tick of the clock would not
/// show. Pure.</summary>
/// <param name="Machine">The identity of the machine, which changes when it is started.</param>
/// <param name="Clock">The machine's time when that scan began, in seconds since 1970; 0 for an index of nothing.</param>
/// <param name="Files">By path.</param>
public sealed record ScanIndex(string Machine, long Clock, IReadOnlyDictionary<string, HashedFile> Files)
{
    /// <summary>How much older than the index a file has to be, in seconds.</summary>
    private const int LeastAge = 2;

    /// <summary>Files that were changed after this time, in seconds since 1970, have to be hashed. The index has all others.</summary>
    public long Since => Math.Max(0, Clock - LeastAge);

    /// <summary>An index that has no file, so that the next scan hashes all of them.</summary>
    public static ScanIndex Empty(string machine) => new(machine, 0, FrozenDictionary<string, HashedFile>.Empty);

    /// <param name="clock">When the scan began.</param>
    /// <param name="entries">What it found.</param>
    public static ScanIndex Of(string machine, long clock, IEnumerable<Entry> entries)
    {
        var index = Empty(machine) with { Clock = clock };
        var files = new Dictionary<string, HashedFile>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry is { Kind: EntryKind.File, Digest: { } digest, Identity: { } identity } && identity.Changed <= index.Since)
            {
                files[entry.Path] = new HashedFile(identity, entry.Size, digest);
            }
        }
        return index with { Files = files };
    }

    /// <summary>Whether another index of the machine says nothing else.</summary>
    public bool HasAllOf(ScanIndex other) =>
        other.Machine == Machine && other.Files.Count == Files.Count && other.Files.All(file => Files.TryGetValue(file.Key, out var own) && own == file.Value);

    /// <summary>The entries of a scan in which only files were hashed that were changed after <see cref="Since"/>, with the digests
    /// of the others.</summary>
    /// <param name="machine">The machine that was scanned.</param>
    /// <param name="clock">Its time when the scan began.</param>
    /// <returns>Null where the index is of another machine or of a time that is still to come there, or does not know a file.
    /// Everything has to be hashed then.</returns>
    public IReadOnlyList<Entry>? Complete(IReadOnlyList<Entry> entries, string? machine, long clock)
    {
        if (machine != Machine || clock < Clock) return null;
        var complete = new Entry[entries.Count];
        for (var i = 0; i < complete.Length; i++)
        {
            var entry = complete[i] = entries[i];
            if (entry.Kind != EntryKind.File || entry.Digest is not null) continue;
            if (!Files.TryGetValue(entry.Path, out var file) || file.Identity != entry.Identity || file.Size != entry.Size || file.Identity.Changed > Since)
            {
                return null;
            }
            complete[i] = entry with { Digest = file.Digest };
        }
        return complete;
    }
}
