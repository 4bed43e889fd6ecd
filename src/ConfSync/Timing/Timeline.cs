using System.Collections.Concurrent;
using System.Diagnostics;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Timing;

/// <summary>The time of one step of a run.</summary>
/// <param name="Node">The node; null for the primary.</param>
/// <param name="Began">The start, as the time since the timeline began.</param>
/// <param name="Ended">The end, as the time since the timeline began.</param>
public sealed record StepTime(Node? Node, TimedStep Step, TimeSpan Began, TimeSpan Ended);

/// <summary>Records what the time of a run is spent on. It is cheap enough for every run, and may be used from several
/// tasks at once.</summary>
public sealed class Timeline
{
    private readonly long began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<StepTime> steps = new();
    private readonly ConcurrentDictionary<Node, Traffic> traffic = new();

    private readonly ConcurrentDictionary<Node, TestedNginx> tested = new();
    private readonly ConcurrentDictionary<Node, LoginWay> logins = new();

    /// <summary>The steps, in the order in which they ended.</summary>
    public IReadOnlyCollection<StepTime> Steps => steps;

    public IReadOnlyDictionary<Node, Traffic> Traffic => traffic;

    /// <summary>The nginx that each node's test used.</summary>
    public IReadOnlyDictionary<Node, TestedNginx> Tested => tested;

    public void Add(Node node, TestedNginx nginx) => tested[node] = nginx;

    /// <summary>How the last login to a node was made; none where ssh makes all of them.</summary>
    public IReadOnlyDictionary<Node, LoginWay> Logins => logins;

    public void Add(Node node, LoginWay login) => logins[node] = login;

    /// <summary>The time since the timeline began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>Adds a step that ends now.</summary>
    /// <param name="from">When it began, as the time since the timeline began.</param>
    public void Add(Node? node, TimedStep step, TimeSpan from) => steps.Enqueue(new StepTime(node, step, from, Elapsed));

    /// <summary>Adds the traffic of one session to that of the node's other sessions.</summary>
    public void Add(Node node, Traffic carried) => traffic.AddOrUpdate(
        node, carried, (_, sum) => new Traffic(
            sum.Sent + carried.Sent, sum.Received + carried.Received, sum.RoundTrips + carried.RoundTrips));

    /// <summary>Does work on the primary, and records how long it took, whether it succeeds or fails.</summary>
    public async Task<T> OfPrimaryAsync<T>(TimedStep step, Func<Task<T>> work)
    {
        var from = Elapsed;
        try
        {
            return await work();
        }
        finally
        {
            Add(null, step, from);
        }
    }
}

/// <summary>Records the steps of one node. Each step ends where the next one begins.</summary>
internal sealed class StepClock(Timeline timeline, Node node)
{
    private TimedStep? step;
    private TimeSpan from;

    /// <summary>Begins a step. Does nothing if that step has begun already.</summary>
    public void Begin(TimedStep next)
    {
        if (next == step) return;
        End();
        (step, from) = (next, timeline.Elapsed);
    }

    public void End()
    {
        if (step is { } ended) timeline.Add(node, ended, from);
        step = null;
    }
}
