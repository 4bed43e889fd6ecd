using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Reads the contents that a comparison shows: of files that differ, have no secret name and are not too large.
/// Only some of a node's contents are in memory at a time.</summary>
internal sealed class ContentReader(SyncConfig config, Secrets secrets)
{
    /// <summary>Marks the entries that are secret by their name, mode or directory. Used where no contents are
    /// wanted.</summary>
    /// <param name="closed">The directories of either side that not everybody may enter: see
    /// <see cref="Secrets.Closed"/>.</param>
    /// <returns>All entries, in the same order.</returns>
    public ImmutableArray<ComparedEntry> Marked(ImmutableArray<ComparedEntry> entries, Snapshot local, IReadOnlySet<string> closed) =>
        [.. secrets.Mark(entries, local, closed).Entries.Select(entry => entry.Secrecy != Secrecy.None && entry.HasContentToShow
            ? entry with { Diff = ContentDiff.Without(ContentDiffKind.Secret) }
            : entry)];

    /// <param name="load">Makes <paramref name="local"/> load the contents of these files.</param>
    /// <param name="read">Reads files of the node in its session, and returns those that have changed since they were
    /// scanned. Not called where there is nothing to read.</param>
    /// <returns>All entries, in the same order, with their diffs.</returns>
    public async Task<ImmutableArray<ComparedEntry>> DiffAsync(
        ImmutableArray<ComparedEntry> entries, DesiredState local, IReadOnlySet<string> closed, Func<IEnumerable<Entry>, Task> load,
        Func<IReadOnlyCollection<Entry>, Action<Entry, ReadOnlyMemory<byte>>, Task<IReadOnlyList<Entry>>> read)
    {
        var (marked, shown) = secrets.Mark(entries, local.Snapshot, closed);
        var diffs = new Dictionary<string, ContentDiff>(StringComparer.Ordinal);
        var wanted = new Dictionary<string, ComparedEntry>(StringComparer.Ordinal);
        foreach (var entry in marked.Where(entry => entry.HasContentToShow))
        {
            if (entry.Secrecy != Secrecy.None) diffs[entry.Path] = ContentDiff.Without(ContentDiffKind.Secret);
            else if (IsTooLarge(entry.Local) || IsTooLarge(entry.Remote)) diffs[entry.Path] = ContentDiff.Without(ContentDiffKind.TooLarge);
            else wanted[entry.Path] = entry;
        }
        await load(wanted.Values.Select(entry => entry.Local).OfType<Entry>());
        foreach (var entry in wanted.Values.Where(entry => entry.Remote is null))
        {
            diffs[entry.Path] = Contents.Diff(default, local.Contents.Of(entry.Local!), shown.Contains(entry.Path));
        }
        var remote = wanted.Values.Select(entry => entry.Remote).OfType<Entry>().ToList();
        if (remote.Count > 0)
        {
            var changed = await read(remote, (file, content) => diffs[file.Path] =
                Contents.Diff(
                    content, wanted[file.Path].Local is { } mine ? local.Contents.Of(mine) : default, shown.Contains(file.Path)));
            foreach (var file in changed) diffs[file.Path] = ContentDiff.Without(ContentDiffKind.Changed);
        }
        return [.. marked.Select(entry => diffs.TryGetValue(entry.Path, out var diff) ? WithDiff(entry, diff) : entry)];

        static ComparedEntry WithDiff(ComparedEntry entry, ContentDiff diff) =>
            diff.Kind == ContentDiffKind.Secret && entry.Secrecy == Secrecy.None
                ? entry with { Diff = diff, Secrecy = Secrecy.Content }
                : entry with { Diff = diff };

        bool IsTooLarge(Entry? entry) => entry?.Size > config.DiffLimit;
    }
}
