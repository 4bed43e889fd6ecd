using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Push;
using ConfSync.Snapshots;

namespace ConfSync.Compare;

/// <summary>Gets the contents that are to be shown, and no others: of files that differ, are no secret by their name, and
/// are not too large. Of a node's contents, some are in memory at a time.</summary>
internal sealed class ContentReader(SyncConfig config, Secrets secrets)
{
    /// <summary>Where no contents are wanted: the entries, those marked that are secret by their name or mode.</summary>
    public ImmutableArray<ComparedEntry> Marked(ImmutableArray<ComparedEntry> entries, Snapshot local)
    {
        var secret = secrets.Among(entries, local);
        return [.. entries.Select(entry => entry.HasContentToShow && secret.Contains(entry.Path)
            ? entry with { Diff = ContentDiff.Without(ContentDiffKind.Secret) }
            : entry)];
    }

    /// <param name="read">Reads files of the node in its session, and returns those that have changed since they were looked
    /// at; not called where there is nothing to read.</param>
    /// <returns>The entries with their diffs.</returns>
    /// <exception cref="PrimaryException">A local file is not what it was when it was looked at.</exception>
    public async Task<ImmutableArray<ComparedEntry>> DiffAsync(
        ImmutableArray<ComparedEntry> entries, DesiredState local,
        Func<IReadOnlyCollection<Entry>, Action<Entry, ReadOnlyMemory<byte>>, Task<IReadOnlyList<Entry>>> read, CancellationToken cancellation)
    {
        var secret = secrets.Among(entries, local.Snapshot);
        var diffs = new Dictionary<string, ContentDiff>(StringComparer.Ordinal);
        var wanted = new Dictionary<string, ComparedEntry>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.HasContentToShow))
        {
            if (secret.Contains(entry.Path)) diffs[entry.Path] = ContentDiff.Without(ContentDiffKind.Secret);
            else if (IsTooLarge(entry.Local) || IsTooLarge(entry.Remote)) diffs[entry.Path] = ContentDiff.Without(ContentDiffKind.TooLarge);
            else wanted[entry.Path] = entry;
        }
        await PrimaryException.AttemptAsync("reading the local files", async () =>
        {
            await local.Contents.LoadAsync(wanted.Values.Select(entry => entry.Local).OfType<Entry>(), cancellation);
            return true;
        });
        foreach (var entry in wanted.Values.Where(entry => entry.Remote is null))
        {
            diffs[entry.Path] = Contents.Diff(default, local.Contents.Of(entry.Local!));
        }
        var remote = wanted.Values.Select(entry => entry.Remote).OfType<Entry>().ToList();
        if (remote.Count > 0)
        {
            var changed = await read(remote, (file, content) => diffs[file.Path] =
                Contents.Diff(content, wanted[file.Path].Local is { } mine ? local.Contents.Of(mine) : default));
            foreach (var file in changed) diffs[file.Path] = ContentDiff.Without(ContentDiffKind.Changed);
        }
        return [.. entries.Select(entry => diffs.TryGetValue(entry.Path, out var diff) ? entry with { Diff = diff } : entry)];

        bool IsTooLarge(Entry? entry) => entry?.Size > config.DiffLimit;
    }
}
