using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a comparison found on one node.</summary>
/// <param name="Entries">What a push would change on the node, ordered by path; empty where nothing differs.</param>
/// <param name="Failure">Why the node could not be compared; null where it was.</param>
/// <param name="Unfinished">The remains of a push that was cut off on the node; null for none.</param>
/// <param name="Took">The time from the start of the node's login to its last answer.</param>
public sealed record NodeComparison(
    Node Node, ImmutableArray<ComparedEntry> Entries, NginxState Nginx, LookFailure? Failure, string? Unfinished, TimeSpan Took)
{
    /// <inheritdoc cref="Events.NodeReport.NginxName"/>
    public string NginxName { get; init; } = NginxKind.Nginx.Name;

    /// <summary>Whether nginx is to run on the node (EXPECT_RUNNING).</summary>
    public bool ExpectsRunning { get; init; } = true;

    /// <summary>The services other than nginx that take part.</summary>
    public ImmutableArray<ComparedService> Others { get; init; } = [];

    /// <summary>What the node says of itself; null where that was not asked for, or it was not reached.</summary>
    public ServiceStatus? Service { get; init; }

    /// <summary>It was compared, and holds something else than it ought to.</summary>
    public bool Drifted => !Entries.IsEmpty;

    /// <summary>The paths of files whose contents were wanted and could not be compared, because they changed in the
    /// meantime.</summary>
    public IEnumerable<string> ChangedMeanwhile =>
        Entries.Where(entry => entry.Diff?.Kind == ContentDiffKind.Changed).Select(entry => entry.Path);

    /// <summary>The node was compared, and so were all contents that were wanted.</summary>
    public bool IsWhole => Failure is null && !ChangedMeanwhile.Any();

    /// <summary>A service does not run what is on the node's disk, for certain or probably.</summary>
    public bool IsPending => Nginx.IsPending() || Others.Any(service => service.State.IsPending());

    /// <summary>A service does not run on the node, and is to run there.</summary>
    public bool IsDown => Down.Any();

    /// <summary>The names of these services.</summary>
    public IEnumerable<string> Down =>
        from service in Others.Append(new ComparedService(NginxName, Nginx, ExpectsRunning))
        where service is { State: NginxState.NotRunning, IsExpected: true }
        select service.Name;

    /// <summary>The node gives the administrator nothing to do: it has not drifted, and nginx runs what it holds.</summary>
    public bool IsWell => Failure is null && Unfinished is null && !Drifted && !IsPending && !IsDown;
}

/// <summary>What a comparison found of a service other than nginx.</summary>
/// <param name="State">In the words that there are for nginx.</param>
/// <param name="IsExpected">It is to run on the node (EXPECT_RUNNING).</param>
public sealed record ComparedService(string Name, NginxState State, bool IsExpected);

/// <summary>The comparison of all nodes.</summary>
/// <param name="Started">When it started, by the primary's clock.</param>
/// <param name="Paths">The number of paths in the desired Snapshot.</param>
/// <param name="Nodes">The results, in the order of the request.</param>
public sealed record Comparison(DateTimeOffset Started, TimeSpan Took, int Paths, ImmutableArray<NodeComparison> Nodes)
{
    /// <summary>The files that nginx reads on the primary and that are not compared.</summary>
    public OutsideFiles Outside { get; init; } = OutsideFiles.None;

    /// <summary>The patterns that match nothing on the primary or on any node; empty if not all of NODES were
    /// scanned.</summary>
    public ImmutableArray<NamedPattern> Unmatched { get; init; } = [];

    /// <summary>The addresses that move and have no holder, or several.</summary>
    public ImmutableArray<AddressHolders> Astray { get; init; } = [];

    /// <summary>A push to all or none that was decided here and is not finished; null for none.</summary>
    public UnfinishedPush? Earlier { get; init; }

    public bool EveryNodeWasCompared => Nodes.All(node => node.IsWhole);

    /// <summary>Nothing gives the administrator anything to do.</summary>
    public bool IsWell => Astray.IsEmpty && Nodes.All(node => node.IsWell);
}
