using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a comparison found on one node.</summary>
/// <param name="Entries">What a push would change there, by path; empty where nothing differs.</param>
/// <param name="Failure">Why it could not be compared; null where it was.</param>
/// <param name="Unfinished">What a push that was cut off has left there; null for nothing.</param>
/// <param name="Took">From the start of its login to its last answer.</param>
public sealed record NodeComparison(
    Node Node, ImmutableArray<ComparedEntry> Entries, NginxState Nginx, LookFailure? Failure, string? Unfinished, TimeSpan Took)
{
    /// <summary>nginx is to run there (EXPECT_RUNNING).</summary>
    public bool ExpectsRunning { get; init; } = true;

    /// <summary>What the node says of itself; null where that was not asked for, or it was not reached.</summary>
    public ServiceStatus? Service { get; init; }

    /// <summary>It was compared, and holds something else than it ought to.</summary>
    public bool Drifted => !Entries.IsEmpty;

    /// <summary>Files whose contents were wanted and could not be compared, since they changed meanwhile.</summary>
    public IEnumerable<string> ChangedMeanwhile =>
        Entries.Where(entry => entry.Diff?.Kind == ContentDiffKind.Changed).Select(entry => entry.Path);

    /// <summary>It was compared, and so were all contents that were wanted.</summary>
    public bool IsWhole => Failure is null && !ChangedMeanwhile.Any();

    /// <summary>nginx does not run what is on the disk, for certain or probably.</summary>
    public bool IsPending => Nginx is NginxState.Pending or NginxState.ProbablyPending;

    /// <summary>nginx does not run there, and is to.</summary>
    public bool IsDown => Nginx == NginxState.NotRunning && ExpectsRunning;

    /// <summary>Nothing that anybody needs to hear of.</summary>
    public bool IsWell => Failure is null && Unfinished is null && !Drifted && !IsPending && !IsDown;
}

/// <summary>A whole comparison.</summary>
/// <param name="Started">By the primary's clock.</param>
/// <param name="Paths">How many paths each node ought to hold.</param>
/// <param name="Nodes">In the order in which they were asked for.</param>
public sealed record Comparison(DateTimeOffset Started, TimeSpan Took, int Paths, ImmutableArray<NodeComparison> Nodes)
{
    /// <summary>What nginx reads on the primary beside what is compared.</summary>
    public OutsideFiles Outside { get; init; } = OutsideFiles.None;

    /// <summary>Patterns that match nothing on the primary nor on any node; none where not all of NODES were looked at.</summary>
    public ImmutableArray<NamedPattern> Unmatched { get; init; } = [];

    public bool EveryNodeWasCompared => Nodes.All(node => node.IsWhole);

    /// <summary>Nothing on any node that anybody needs to hear of.</summary>
    public bool IsWell => Nodes.All(node => node.IsWell);
}
