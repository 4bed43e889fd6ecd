using System.Collections.Concurrent;
using System.Diagnostics;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Timing;

/// <summary>One step of a run.</summary>
/// <param name="Node">Null: on the primary.</param>
/// <param name="Began">Since the timeline was begun.</param>
/// <param name="Ended">The same.</param>
public sealed record StepTime(Node? Node, TimedStep Step, TimeSpan Began, TimeSpan Ended);

/// <summary>What the time of a run is spent on, written down while it passes: cheap enough for every run. May be told from
/// several tasks at once.</summary>
public sealed class Timeline
{
    private readonly long began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<StepTime> steps = new();
    private readonly ConcurrentDictionary<Node, Traffic> traffic = new();

    private readonly ConcurrentDictionary<Node, TestedNginx> tested = new();

    /// <summary>In the order in which they ended.</summary>
    public IReadOnlyCollection<StepTime> Steps => steps;

    public IReadOnlyDictionary<Node, Traffic> Traffic => traffic;

    /// <summary>Which nginx each node's test was one of.</summary>
    public IReadOnlyDictionary<Node, TestedNginx> Tested => tested;

    public void Add(Node node, TestedNginx nginx) => tested[node] = nginx;

    /// <summary>The time that has passed.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>A step that is over now.</summary>
    /// <param name="from">When it began.</param>
    public void Add(Node? node, TimedStep step, TimeSpan from) => steps.Enqueue(new StepTime(node, step, from, Elapsed));

    /// <summary>What a session with this node carried, in addition to what others did.</summary>
    public void Add(Node node, Traffic carried) => traffic.AddOrUpdate(
        node, carried, (_, sum) => new Traffic(
            sum.Sent + carried.Sent, sum.Received + carried.Received, sum.RoundTrips + carried.RoundTrips));

    /// <summary>Does something on the primary, and writes down how long it took, however it ended.</summary>
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

/// <summary>The steps of one node, each of which ends where the next one begins.</summary>
internal sealed class StepClock(Timeline timeline, Node node)
{
    private TimedStep? step;
    private TimeSpan from;

    /// <summary>Nothing happens where that step has begun already.</summary>
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
