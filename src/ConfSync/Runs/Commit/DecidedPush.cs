using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>
/// Finishes a decision on one node, whatever became of that since: a push like any other of what was decided. A node that
/// holds it already is only seen to serve it.
/// </summary>
/// <param name="request">Of the run that finishes it: how to log in, and how long to wait.</param>
internal sealed class DecidedPush(
    PushRequest request, Func<Node, ITransport> transportTo, CommitRecord decision, Logins logins, Action<RunEvent> say,
    Timeline timeline)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly PushRequest request = request with
    {
        // How much it deletes was looked at before it was decided.
        Config = request.Config with
        {
            ConfPaths = decision.ConfPaths,
            Exclude = decision.Exclude,
            MaxDelete = SyncConfig.MostDeletions,
        },
        DryRun = false,
        Contents = false,
        Reload = decision.Reload,
    };

    /// <param name="machine">Null where this run has seen before which machine the node is.</param>
    /// <param name="isKnown">The node was reached a moment ago: if it cannot be reached now, that may pass.</param>
    /// <returns>What became of it; <see cref="NodeReport.InDoubt"/> where it is not known to hold and serve what was
    /// decided. It is not said: that is the caller's.</returns>
    public async Task<NodeReport> RunAsync(DecidedNode node, NodeMachine? machine, bool isKnown, CancellationToken cancellation)
    {
        // As long as the peer itself may need to notice the silence of a session that was lost, and to undo.
        var timeout = request.Config.ConfirmTimeout + request.Config.ReloadTimeout;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var report = await AttemptAsync(node, machine, cancellation);
            if (report is not NodeReport.Failed { Failure: var failure }) return report;
            if (!Retry.MayPass(failure.Kind, isKnown) || clock.Elapsed > timeout || cancellation.IsCancellationRequested)
            {
                return new NodeReport.InDoubt(node.Node, failure) { Notes = report.Notes, Nginx = report.Nginx };
            }
            await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The same for a node of the run that decided it.</summary>
    /// <param name="failed">How it failed after the decision.</param>
    public async Task<NodeReport> ResumeAsync(DecidedNode node, NodeReport.Failed failed, CancellationToken cancellation)
    {
        var report = await RunAsync(node, machine: null, isKnown: true, cancellation);
        return report switch
        {
            NodeReport.Updated updated => Settled(updated.Test, updated.Reload, givenAgain: true),
            NodeReport.Unchanged unchanged => Settled(new NodeTest(unchanged.TestWords, null), unchanged.Reload ?? ReloadOutcome.Reloaded, givenAgain: false),
            _ => report with { Notes = [.. failed.Notes, .. report.Notes], Nginx = report.Nginx ?? failed.Nginx },
        };

        NodeReport Settled(NodeTest test, ReloadOutcome served, bool givenAgain) => new NodeReport.Updated(node.Node, node.Changes, test, served)
        {
            Notes = [.. failed.Notes, .. report.Notes, new NodeNote.LostAfterDecision(givenAgain, failed.Failure)],
            Nginx = report.Nginx ?? failed.Nginx,
        };
    }

    private Task<NodeReport> AttemptAsync(DecidedNode node, NodeMachine? machine, CancellationToken cancellation)
    {
        var exclude = PushRun.ExcludeRulesOf(request.Config);
        var push = new NodePush(request, node.Node, transportTo(node.Node), logins, exclude, SayOfAttempt, timeline) { Machine = machine };
        return push.RunAsync(
            0, new Rollout(1, RolloutPolicy.AllAtOnce),
            (_, scan) => Task.Run(() => decision.DesiredOn(node, exclude.Divide(scan.Paths, request.Config.ConfPaths).Included) with { Run = DecidedRun }),
            cancellation);
    }

    // The run that decided it, and not the one that finishes it. What its user said of it is not in the record.
    private RunRecord? DecidedRun => request.Run is { } now ? now with { Id = decision.Id, Message = null, Revision = null } : null;

    // How one attempt ended says nothing yet of how the node ends.
    private void SayOfAttempt(RunEvent said)
    {
        if (said is not RunEvent.NodeFinished) say(said);
    }
}
