using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Stores one index for each name. What is lost costs time and nothing else.</summary>
public interface IScanIndexes
{
    /// <summary>The index; null where there is none that can be used.</summary>
    ScanIndex? Find(string name);

    void Store(string name, ScanIndex index);
}

/// <summary>What earlier scans of a session's paths hashed.</summary>
/// <param name="name">Names the node and the paths.</param>
internal sealed class ScanMemory(IScanIndexes indexes, string name)
{
    /// <summary>How many entries a scan has to have, so that an index saves more than it costs.</summary>
    public const int LeastEntries = 500;

    private readonly Lazy<ScanIndex?> index = new(() => indexes.Find(name));

    /// <summary>Files that were changed after this time have to be hashed, in seconds since 1970; null where there is no index.</summary>
    public long? Since => index.Value?.Since;

    /// <summary>Puts the digests of the index into a scan in which only younger files were hashed.</summary>
    /// <param name="machine">The machine that was scanned.</param>
    /// <returns>Null where everything has to be hashed.</returns>
    public ScanBlock? Complete(ScanBlock block, string? machine) =>
        block.Clock is { } clock && index.Value?.Complete(block.Entries, machine, clock) is { } entries ? block with { Entries = entries } : null;

    /// <summary>Remembers a scan for the next one.</summary>
    /// <param name="block">Has the digests of all files.</param>
    public void Remember(ScanBlock block, string? machine)
    {
        if (machine is null || block.Problem is not null || block.Moved is not null || block.Entries.Count < LeastEntries) return;
        // A scan that was repeated because files moved has no clock.
        if (block.Clock is null && index.Value?.Machine == machine) return;
        var now = block.Clock is { } clock ? ScanIndex.Of(machine, clock, block.Entries) : ScanIndex.Empty(machine);
        if (index.Value?.HasAllOf(now) != true) indexes.Store(name, now);
    }
}
