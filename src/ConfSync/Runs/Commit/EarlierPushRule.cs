using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>What a run does about a push that an earlier run decided and did not finish.</summary>
internal enum EarlierPushAction
{
    /// <summary>It is finished.</summary>
    Finish,

    /// <summary>It is only mentioned.</summary>
    Mention,

    /// <summary>The run does nothing.</summary>
    Refuse,
}

/// <summary>Whether a run goes on after it has tried to finish an earlier push.</summary>
internal enum AfterEarlierPush
{
    GoOn,

    /// <summary>It goes on, and the earlier push is not finished on all its nodes.</summary>
    GoOnWithout,

    Stop,
}

/// <summary>The decisions about a push that an earlier run left. Pure.</summary>
internal static class EarlierPushRule
{
    /// <summary>For a run that does something else.</summary>
    /// <param name="configPath">The configuration file of the run, absolute.</param>
    /// <param name="mustFinish">The run is for all nodes or none: it would have to record a decision of its own.</param>
    public static EarlierPushAction Before(CommitRecord earlier, string configPath, bool dryRun, bool mustFinish) =>
        dryRun ? EarlierPushAction.Mention
        : earlier.ConfigPath == configPath ? EarlierPushAction.Finish
        : mustFinish ? EarlierPushAction.Refuse
        : EarlierPushAction.Mention;

    /// <summary>For a run that does nothing but finish it.</summary>
    /// <param name="configPath">The configuration file of the run, absolute.</param>
    public static EarlierPushAction OfSettling(CommitRecord earlier, string configPath, bool dryRun) =>
        earlier.ConfigPath != configPath ? EarlierPushAction.Refuse
        : dryRun ? EarlierPushAction.Mention
        : EarlierPushAction.Finish;

    /// <param name="reports">Of the nodes of the earlier push.</param>
    /// <param name="mustFinish">As above.</param>
    /// <param name="isInterrupted">The run is to end.</param>
    public static AfterEarlierPush After(IEnumerable<NodeReport> reports, bool mustFinish, bool isInterrupted) =>
        reports.All(report => report.IsGood) ? AfterEarlierPush.GoOn
        : mustFinish || isInterrupted ? AfterEarlierPush.Stop
        : AfterEarlierPush.GoOnWithout;

    /// <summary>The nodes of the earlier push that the configuration still names, and those that it names no more.</summary>
    public static (IReadOnlyList<DecidedNode> Nodes, IReadOnlyList<DecidedNode> Dropped) Divide(
        CommitRecord earlier, IReadOnlyCollection<Node> configured)
    {
        var named = earlier.Nodes.ToLookup(node => configured.Contains(node.Node));
        return ([.. named[true]], [.. named[false]]);
    }
}
