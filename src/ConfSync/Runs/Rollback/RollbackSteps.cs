using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>What one node does in a roll-back over runs. A closed set of records.</summary>
internal abstract record RollbackStep
{
    private RollbackStep()
    {
    }

    /// <summary>The node goes back to the state after this generation of its own. The number below the lowest generation
    /// stands for the state before that.</summary>
    public sealed record To(int Generation) : RollbackStep;

    /// <summary>The node stays as it is, because the run changed nothing there.</summary>
    /// <param name="Run">The ID of the run, shortened.</param>
    public sealed record Leave(string Run) : RollbackStep;

    /// <summary>The node cannot go back.</summary>
    public sealed record Refuse(Refusal Why) : RollbackStep;
}

/// <summary>What each node does in a roll-back over runs.</summary>
/// <param name="Steps">One step for each node, in their order; empty if there is an objection.</param>
/// <param name="Objection">Why no node does anything; null for none.</param>
internal sealed record RollbackSteps(ImmutableArray<RollbackStep> Steps, Refusal? Objection)
{
    /// <summary>One node and the generations that it retains.</summary>
    /// <param name="Retained">The generations, lowest number first; null where the node was not reached.</param>
    internal sealed record OfNode(Node Node, ImmutableArray<Generation>? Retained)
    {
        /// <summary>The numbers of those that another configuration file made, of other paths. They stay as they are.</summary>
        public ImmutableHashSet<int> Elsewhere { get; init; } = [];

        public ImmutableArray<Generation> Generations => Retained ?? [];

        /// <summary>Those that this roll-back may go over.</summary>
        public ImmutableArray<Generation> Own => Generations.RemoveAll(generation => Elsewhere.Contains(generation.Number));

        public Generation? Top => Own.LastOrDefault();
    }

    /// <summary>The steps back to before the last run: the run that made the newest of all generations. A node that this
    /// run did not change stays as it is.</summary>
    /// <param name="recorded">The runs that this primary remembers, the oldest one first. If a later one of them is missing among the
    /// generations, no node goes back.</param>
    /// <param name="backupDir">Where nodes retain generations.</param>
    /// <param name="force">Go back over later runs as well.</param>
    public static RollbackSteps BeforeLastRun(
        IReadOnlyList<OfNode> nodes, IReadOnlyList<RecordedRun> recorded, string backupDir, bool force)
    {
        // Where all is of other paths, the refusal that names them says more than that there is nothing.
        if (nodes.All(node => node.Own.IsEmpty)) nodes = [.. nodes.Select(node => node with { Elsewhere = [] })];
        if (nodes.Where(node => node.Top is not null).MaxBy(node => Moment(node.Top!)) is not { } newest) return All(nodes, new Refusal.NoGenerations(backupDir));
        if (newest.Top!.Run is not { } run)
        {
            // With a single node, its last generation is the one that is meant.
            return nodes.Count == 1 ? new RollbackSteps([new RollbackStep.To(newest.Top.Number - 1)], null)
                : Nothing(new Refusal.RunNotRecorded(newest.Node, newest.Top.Number));
        }
        if (!force && Unseen(nodes, recorded, run) is { } unseen) return Nothing(unseen);
        if (!force && newest.Top.RolledBackTo is not null && NotWhole(nodes, recorded, run) is { } notWhole) return Nothing(notWhole);
        var later = nodes.Where(node => Lowest(node, run.Id) is not null && node.Top!.Run?.Id != run.Id).ToList();
        if (later.Count > 0 && !force)
        {
            return Nothing(new Refusal.LaterRuns(run.ShortId, [.. later.Select(node => new RunOnNode(node.Node, node.Top!.Number, node.Top.Run?.ShortId))]));
        }
        return new RollbackSteps(
            [.. nodes.Select<OfNode, RollbackStep>(node => Lowest(node, run.Id) is { } made ? new RollbackStep.To(made.Number - 1) : new RollbackStep.Leave(run.ShortId))],
            null);
    }

    // A run that changed a node which keeps nothing of it any more says nothing: an administrator removed it there.
    private static Refusal.LastRunNotSeen? Unseen(IReadOnlyList<OfNode> nodes, IReadOnlyList<RecordedRun> recorded, RunRecord newest)
    {
        var here = nodes.Select(node => node.Node.ToString()).ToHashSet(StringComparer.Ordinal);
        if (recorded.LastOrDefault(one => one.Nodes.Any(node => here.Contains(node.Node))) is not { } last ||
            last.Run.Began <= newest.Began || nodes.Any(node => Lowest(node, last.Run.Id) is not null))
        {
            return null;
        }
        var changed = last.Nodes.Where(node => node.Outcome is NodeOutcome.Updated or NodeOutcome.Unknown).Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var mayHave = last.Nodes.Where(node => node.Outcome == NodeOutcome.NotTold).Select(node => node.Node).Concat(changed).ToHashSet(StringComparer.Ordinal);
        var missing = nodes.Where(node => node.Retained is null && mayHave.Contains(node.Node.ToString())).Select(node => node.Node).ToImmutableArray();
        return missing.IsEmpty && changed.Count > 0 ? null : new Refusal.LastRunNotSeen(last.Run.ShortId, missing, newest.ShortId);
    }

    // The user who runs a roll-back again, since it failed on one node, does not want to go forward on the others.
    private static Refusal.RollbackNotWhole? NotWhole(IReadOnlyList<OfNode> nodes, IReadOnlyList<RecordedRun> recorded, RunRecord rollback)
    {
        var failed = recorded.LastOrDefault(one => one.Run.Id == rollback.Id)?.Nodes
            .Where(node => node.Outcome is not (NodeOutcome.Updated or NodeOutcome.Unchanged or NodeOutcome.NotOfRun)).Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var undone = nodes.SelectMany(node => GoneOverBy(node, rollback)).ToHashSet(StringComparer.Ordinal);
        // A node whose failure nothing recorded still shows it: it holds what was rolled back elsewhere.
        var others = nodes.Where(node => Lowest(node, rollback.Id) is null &&
            (failed?.Contains(node.Node.ToString()) == true || node.Top?.Run is { } top && undone.Contains(top.Id))).ToList();
        if (others.Count == 0) return null;
        var left = others.SelectMany(node => node.Own.Where(generation => generation.Run is { } run && undone.Contains(run.Id)).Take(1)
            .Select(lowest => new LeftToRollBack(node.Node, lowest.Number - 1))).ToImmutableArray();
        return new Refusal.RollbackNotWhole(
            rollback.ShortId, left, [.. others.Where(node => node.Retained is null).Select(node => node.Node)],
            [.. others.Where(node => node.Retained is not null).Select(node => node.Node).Except(left.Select(one => one.Node))]);
    }

    // The IDs of the runs that a roll-back went over on one node.
    private static IEnumerable<string> GoneOverBy(OfNode node, RunRecord rollback) =>
        Lowest(node, rollback.Id) is { RolledBackTo: { } to } made
            ? node.Own.Where(generation => generation.Number > to && generation.Number < made.Number).Select(generation => generation.Run?.Id).OfType<string>()
            : [];

    /// <summary>The steps back to the state after a run.</summary>
    /// <param name="id">The run's ID, or the beginning of it.</param>
    public static RollbackSteps AfterRun(IReadOnlyList<OfNode> nodes, string id)
    {
        var runs = nodes.SelectMany(node => node.Generations).Select(generation => generation.Run).OfType<RunRecord>()
            .Where(run => run.Id.StartsWith(id, StringComparison.Ordinal)).DistinctBy(run => run.Id).ToList();
        return runs switch
        {
            [] => Nothing(new Refusal.RunNotRetained(id)),
            [var run] => new RollbackSteps([.. nodes.Select(node => AfterRun(node, run))], null),
            _ => Nothing(new Refusal.RunAmbiguous(id, [.. runs.Select(run => run.Id).Order(StringComparer.Ordinal)])),
        };
    }

    // A node that the run did not change then had the state that the run before it had left.
    private static RollbackStep AfterRun(OfNode node, RunRecord run)
    {
        if (node.Generations.LastOrDefault(generation => generation.Run?.Id == run.Id) is { } made) return new RollbackStep.To(made.Number);
        if (node.Generations.LastOrDefault(generation => Moment(generation) <= run.Began) is { } before) return new RollbackStep.To(before.Number);
        return node.Generations switch
        {
            [] => new RollbackStep.Leave(run.ShortId),
            [{ Number: 1 }, ..] => new RollbackStep.To(0),
            // The node no longer retains the generations in between.
            [var lowest, ..] => new RollbackStep.Refuse(new Refusal.BeforeLowestRetained(run.ShortId, lowest.Number)),
        };
    }

    // Prefers the primary's clock where it is recorded, because the nodes' clocks may differ.
    private static DateTimeOffset Moment(Generation generation) => generation.Run?.Began ?? generation.Time ?? DateTimeOffset.MinValue;

    private static Generation? Lowest(OfNode node, string run) => node.Generations.FirstOrDefault(generation => generation.Run?.Id == run);

    private static RollbackSteps All(IReadOnlyList<OfNode> nodes, Refusal why) => new([.. nodes.Select(_ => new RollbackStep.Refuse(why))], null);

    private static RollbackSteps Nothing(Refusal why) => new([], why);
}
