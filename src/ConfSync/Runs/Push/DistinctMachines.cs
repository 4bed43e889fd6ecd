using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>
/// Two nodes that are one machine, and the primary among its own nodes, are a mistake in NODES: the push would hinder itself,
/// or rewrite the files that it reads. Machines say what they are when they are logged in to, so no node is staged before all
/// have been logged in to.
/// </summary>
/// <param name="impatient">Called when the nodes that were not reached yet are no longer waited for.</param>
internal sealed class DistinctMachines(IReadOnlyList<Node> nodes, Action? impatient = null)
{
    /// <summary>The least time that a login may take after the last one that succeeded. Where that one took longer, the others
    /// may as well, up to <see cref="MostWait"/>. A node that is away must not hold up the others; one that comes later is
    /// compared with them all the same.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(3);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock sync = new();
    private readonly string?[] machines = new string?[nodes.Count];
    private readonly bool[] told = new bool[nodes.Count];
    private readonly TaskCompletionSource<Refusal?> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? primary;
    private bool primaryTold;
    private bool patient = true;
    private int greetings;

    /// <summary>Why the run may not go on; null where it may. Complete once all have been heard of, or are not waited for.
    /// </summary>
    public Task<Refusal?> Objection => decision.Task;

    /// <summary>Which nodes are the same machine, of those that were heard of so far; null for none.</summary>
    public Refusal? Duplicate
    {
        get
        {
            lock (sync) return Find();
        }
    }

    /// <summary>The part of one node, by its place among the nodes.</summary>
    public NodeMachine Of(int node) => new(this, node);

    /// <summary>Why this node may not be staged; null where it may. Waits as <see cref="Objection"/> does.</summary>
    public async Task<Refusal?> ObjectionToAsync(int node) => await Objection ?? DuplicateOf(node);

    /// <summary>Which other node that was heard of so far is the same machine as this one; null for none.</summary>
    public Refusal? DuplicateOf(int node)
    {
        lock (sync) return Find(node);
    }

    /// <exception cref="PrimaryException">Nodes are the same machine; none was changed.</exception>
    public async Task EnsureAsync()
    {
        if (await Objection is { } objection) throw new PrimaryException(PrimaryStep.TellApart, new PrimaryFault.Refused(objection));
    }

    /// <summary>What tells the primary from other machines; null where that is not known.</summary>
    public void PrimaryIs(string? machine)
    {
        lock (sync)
        {
            (primary, primaryTold) = (machine, true);
            Decide(Find());
        }
    }

    /// <summary>The node was logged in to.</summary>
    /// <param name="machine">What tells it from other machines; null where that is not known.</param>
    public void Found(int node, string? machine)
    {
        lock (sync)
        {
            (machines[node], told[node]) = (machine, true);
            Decide(Find(node));
            if (!decision.Task.IsCompleted) _ = StopWaitingLaterAsync(++greetings);
        }
    }

    /// <summary>The node takes no part, or has told what it is.</summary>
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

    /// <param name="duplicate">What was told last made these nodes known to be the same machine; null for none.</param>
    private void Decide(Refusal? duplicate)
    {
        if (duplicate is not null || (primaryTold && (!patient || told.All(known => known)))) decision.TrySetResult(duplicate);
    }

    private Refusal? Find() => Enumerable.Range(0, nodes.Count).Select(Find).FirstOrDefault(found => found is not null);

    private Refusal? Find(int node)
    {
        if (machines[node] is not { } machine) return null;
        if (machine == primary) return new Refusal.PrimaryItself(nodes[node]);
        var other = Enumerable.Range(0, machines.Length).FirstOrDefault(index => index != node && machines[index] == machine, -1);
        return other < 0 ? null : new Refusal.SameMachine(nodes[Math.Min(node, other)], nodes[Math.Max(node, other)]);
    }
}

/// <summary>What one node has to do with <see cref="DistinctMachines"/>.</summary>
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
