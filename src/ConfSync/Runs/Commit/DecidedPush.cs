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

/// <summary>Puts on one node what a commit record says, whatever happened to the node since. It is an ordinary push of the
/// decided state. If the node holds that state already, the push only verifies that nginx serves it.</summary>
/// <param name="request">The request of the run that finishes the commit: how to log in, and the time limits.</param>
internal sealed class DecidedPush(
    PushRequest request, Func<Node, ITransport> transportTo, CommitRecord decision, Logins logins, Action<RunEvent> say,
    Timeline timeline)
{
    private readonly PushRequest request = request with
    {
        // The run that made the decision has checked the number of deletions.
        Config = request.Config with
        {
            ConfPaths = decision.ConfPaths,
            Exclude = decision.Exclude,
            MaxDelete = SyncConfig.MostDeletions,
        },
        DryRun = false,
        Contents = false,
        Reload = decision.Reload,
        // The node is the only one of its push.
        Rollout = request.Rollout with { ByRoles = false },
    };

    /// <param name="machine">Null where this run has checked before that the node is no other node's machine.</param>
    /// <param name="isKnown">The node was reached a moment ago, so that a failure to reach it may pass.</param>
    /// <returns>The node's report; <see cref="NodeReport.InDoubt"/> where it is not known whether the node holds and serves
    /// the decided state. The caller says the report.</returns>
    public async Task<NodeReport> RunAsync(DecidedNode node, NodeMachine? machine, bool isKnown, CancellationToken cancellation)
    {
        // The peer itself may need this long to notice that the session was lost, and to undo.
        var timeout = request.Config.ConfirmTimeout + request.Config.ReloadTimeout;
        var clock = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            var report = await AttemptAsync(node, machine, cancellation);
            if (report is not NodeReport.Failed { Failure: var failure }) return report;
            if (!Retry.MayPass(failure.Kind, isKnown) || clock.Elapsed > timeout || cancellation.IsCancellationRequested)
            {
                return new NodeReport.InDoubt(node.Node, failure) { Notes = report.Notes, Nginx = report.Nginx };
            }
            await Task.Delay(Retry.PauseAfter(attempt), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does the same as <see cref="RunAsync"/> for a node of the run that made the decision.</summary>
    /// <param name="failed">The node's failure after the decision.</param>
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

    // The node records the run that made the decision, not the run that finishes it. A record of an earlier version does not
    // hold that run's message and revision.
    private RunRecord? DecidedRun => decision.Run ?? (request.Run is { } now ? now with { Id = decision.Id, Message = null, Revision = null } : null);

    // The end of one attempt is not the end of the node, because another attempt may follow.
    private void SayOfAttempt(RunEvent said)
    {
        if (said is not RunEvent.NodeFinished) say(said);
    }
}
