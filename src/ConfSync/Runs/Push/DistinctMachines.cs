using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>
/// Refuses a run in which two nodes are one machine, or a node is the primary itself. Such a push would wait for its own
/// lock, or rewrite the files that it reads. A machine says which one it is at login, so no node is staged before all nodes
/// have answered or are no longer waited for.
/// </summary>
/// <param name="impatient">Called when the nodes that were not reached yet are no longer waited for.</param>
internal sealed class DistinctMachines(IReadOnlyList<Node> nodes, Action? impatient = null)
{
    /// <summary>
    /// The shortest wait for further logins after the last one that succeeded. The wait is as long as that login took, up
    /// to <see cref="MostWait"/>. It is short because a node that cannot be reached must not hold up the others. A node
    /// that answers later is still compared with them.
    /// </summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(3);

    /// <summary>The node that may be the primary itself; null for none.</summary>
    public Node? Here { get; init; }

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock sync = new();
    private readonly string?[] machines = new string?[nodes.Count];
    private readonly bool[] told = new bool[nodes.Count];
    private readonly TaskCompletionSource<Refusal?> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? primary;
    private bool primaryTold;
    private bool patient = true;
    private int greetings;

    /// <summary>Why the run may not go on; null where it may. Completes when all nodes have answered or are no longer
    /// waited for.</summary>
    public Task<Refusal?> Objection => decision.Task;

    /// <summary>Which nodes are the same machine, among those that have answered so far; null for none.</summary>
    public Refusal? Duplicate
    {
        get
        {
            lock (sync) return Find();
        }
    }

    /// <summary>The view of one node on this object.</summary>
    /// <param name="node">The index of the node.</param>
    public NodeMachine Of(int node) => new(this, node);

    /// <summary>Why this node may not be staged; null where it may. Waits as <see cref="Objection"/> does.</summary>
    public async Task<Refusal?> ObjectionToAsync(int node) => await Objection ?? DuplicateOf(node);

    /// <summary>Which other node is the same machine as this one, among those that have answered so far; null for
    /// none.</summary>
    public Refusal? DuplicateOf(int node)
    {
        lock (sync) return Find(node);
    }

    /// <summary>Waits as <see cref="Objection"/> does, and throws where the run may not go on.</summary>
    /// <exception cref="PrimaryException">Nodes are the same machine. No node was changed.</exception>
    public async Task EnsureAsync()
    {
        if (await Objection is { } objection) throw new PrimaryException(PrimaryStep.TellApart, new PrimaryFault.Refused(objection));
    }

    /// <summary>Records the identity of the primary's machine; null where it is not known.</summary>
    public void PrimaryIs(string? machine)
    {
        lock (sync)
        {
            (primary, primaryTold) = (machine, true);
            Decide(Find());
        }
    }

    /// <summary>Records that the node has answered.</summary>
    /// <param name="machine">The identity of its machine; null where it is not known.</param>
    public void Found(int node, string? machine)
    {
        lock (sync)
        {
            (machines[node], told[node]) = (machine, true);
            Decide(Find(node));
            if (!decision.Task.IsCompleted) _ = StopWaitingLaterAsync(++greetings);
        }
    }

    /// <summary>Records that the node takes no further part, so that it is no longer waited for.</summary>
    public void Leave(int node)
    {
        lock (sync)
        {
            told[node] = true;
            Decide(duplicate: null);
        }
    }

    private async Task StopWaitingLaterAsync(int greeting)
    {
        await Task.Delay(TimeSpan.FromTicks(Math.Clamp(clock.Elapsed.Ticks, LeastWait.Ticks, MostWait.Ticks)));
        lock (sync)
        {
            if (greeting != greetings || told.All(known => known)) return;
            patient = false;
            Decide(duplicate: null);
        }
        impatient?.Invoke();
    }

    /// <param name="duplicate">The nodes that the last answer showed to be the same machine; null for none.</param>
    private void Decide(Refusal? duplicate)
    {
        if (duplicate is not null || (primaryTold && (!patient || told.All(known => known)))) decision.TrySetResult(duplicate);
    }

    private Refusal? Find() => Enumerable.Range(0, nodes.Count).Select(Find).FirstOrDefault(found => found is not null);

    private Refusal? Find(int node)
    {
        if (machines[node] is not { } machine) return null;
        if (machine == primary && !nodes[node].Equals(Here)) return new Refusal.PrimaryItself(nodes[node]);
        var other = Enumerable.Range(0, machines.Length).FirstOrDefault(index => index != node && machines[index] == machine, -1);
        return other < 0 ? null : new Refusal.SameMachine(nodes[Math.Min(node, other)], nodes[Math.Max(node, other)]);
    }
}

/// <summary>The part that one node takes in <see cref="DistinctMachines"/>.</summary>
internal sealed record NodeMachine(DistinctMachines All, int Node)
{
    /// <inheritdoc cref="DistinctMachines.DuplicateOf"/>
    public Refusal? Duplicate => All.DuplicateOf(Node);

    /// <inheritdoc cref="DistinctMachines.ObjectionToAsync"/>
    public Task<Refusal?> ObjectionAsync() => All.ObjectionToAsync(Node);

    /// <inheritdoc cref="DistinctMachines.Found"/>
    public void Found(string? machine) => All.Found(Node, machine);

    /// <inheritdoc cref="DistinctMachines.Leave"/>
    public void Leave() => All.Leave(Node);
}
