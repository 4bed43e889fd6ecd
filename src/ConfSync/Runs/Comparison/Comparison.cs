using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>What a comparison found on one node.</summary>
/// <param name="Entries">What a push would change there, by path; empty where nothing differs.</param>
/// <param name="Failure">Why it could not be compared; null where it was.</param>
/// <param name="Unfinished">What a push that was cut off has left there; null for nothing.</param>
/// <param name="Took">From the start of its login to its last answer.</param>
public sealed record NodeComparison(
    NodeAddress Node, ImmutableArray<ComparedEntry> Entries, NginxState Nginx, string? Failure, string? Unfinished, TimeSpan Took)
{
    /// <summary>It was compared, and holds something else than it ought to.</summary>
    public bool Drifted => !Entries.IsEmpty;

    /// <summary>Why its contents could not all be compared, a line a file, safe to show; null where they were, or nobody
    /// asked.</summary>
    public string? Shortfall
    {
        get
        {
            var changed = Entries.Where(entry => entry.Diff?.Kind == ContentDiffKind.Changed).ToList();
            return changed.Count == 0 ? null : string.Join('\n', changed.Select(entry =>
                $"{PosixText.Printable(entry.Path)} changed while it was compared"));
        }
    }

    /// <summary>nginx does not run what is on the disk, for certain or probably.</summary>
    public bool IsPending => Nginx is NginxState.Pending or NginxState.ProbablyPending;

    /// <summary>Nothing that anybody needs to hear of.</summary>
    public bool IsWell => Failure is null && Unfinished is null && !Drifted && !IsPending;
}

/// <summary>A whole comparison.</summary>
/// <param name="Started">By the primary's clock.</param>
/// <param name="Paths">How many paths each node ought to hold.</param>
/// <param name="Nodes">In the order in which they were asked for.</param>
public sealed record Comparison(DateTimeOffset Started, TimeSpan Took, int Paths, ImmutableArray<NodeComparison> Nodes)
{
    /// <summary>What nginx reads on the primary beside what is compared.</summary>
    public OutsideFiles Outside { get; init; } = OutsideFiles.None;

    public bool EveryNodeWasCompared => Nodes.All(node => node.Failure is null && node.Shortfall is null);

    public bool AnyDrift => Nodes.Any(node => node.Drifted);
}
