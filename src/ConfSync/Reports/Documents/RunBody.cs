using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>What became of a push to all or none that an earlier run left.</summary>
internal enum EarlierState
{
    /// <summary>It was only mentioned.</summary>
    Pending,

    Finished,

    /// <summary>It is not finished on all its nodes.</summary>
    Unfinished,
}

/// <summary>A push that an earlier run left, and what became of it in this run.</summary>
/// <param name="Reports">One for each node on which it was to be finished; none where it was only mentioned.</param>
internal sealed record EarlierEnd(UnfinishedPush Push, EarlierState State, ImmutableArray<NodeReport> Reports);

/// <summary>What a push, a roll-back or <c>settle</c> was, for documents.</summary>
internal sealed record RunBody(RunNature Nature)
{
    /// <summary>What the nodes record of it; null where nothing was begun.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>Those of the run, in their order.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>One for each node of the run; none where it was refused.</summary>
    public ImmutableArray<NodeReport> Reports { get; init; } = [];

    /// <summary>A roll-back: the generation that each node was to go back to, where that is known.</summary>
    public ImmutableDictionary<Node, int> Generations { get; init; } = ImmutableDictionary<Node, int>.Empty;

    /// <summary>Patterns that match nothing, neither on the primary nor on any node.</summary>
    public ImmutableArray<NamedPattern> Unmatched { get; init; } = [];

    /// <summary>The addresses that move and have no holder, or several, after the run.</summary>
    public ImmutableArray<AddressHolders> Astray { get; init; } = [];

    /// <summary>Null where no earlier run left anything.</summary>
    public EarlierEnd? Earlier { get; init; }

    /// <summary>The same, with what an event tells.</summary>
    public RunBody With(RunEvent said) => said switch
    {
        RunEvent.EarlierPending { Push: var push } => this with { Earlier = new EarlierEnd(push, EarlierState.Pending, []) },
        RunEvent.FinishingEarlier { Push: var push } => this with { Earlier = new EarlierEnd(push, EarlierState.Unfinished, []) },
        RunEvent.EarlierFinished { Reports: var reports } => this with
        {
            Earlier = Earlier! with { State = reports.All(report => report.IsGood) ? EarlierState.Finished : EarlierState.Unfinished, Reports = [.. reports] },
        },
        RunEvent.PatternsUnmatched { Patterns: var patterns } => this with { Unmatched = patterns },
        RunEvent.AddressesAstray { Addresses: var astray } => this with { Astray = astray },
        RunEvent.NodeGoesBack { Node: var node, Generation: var generation } => this with { Generations = Generations.SetItem(node, generation) },
        _ => this,
    };
}
