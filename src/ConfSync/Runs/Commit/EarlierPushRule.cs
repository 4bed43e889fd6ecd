using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>What a run does about a push that an earlier run decided and did not finish.</summary>
internal enum EarlierPushAction
{
    /// <summary>The run finishes the earlier push.</summary>
    Finish,

    /// <summary>The run mentions the earlier push and leaves it as it is.</summary>
    Mention,

    /// <summary>The run ends and does nothing.</summary>
    Refuse,
}

/// <summary>Whether a run goes on after it has tried to finish an earlier push.</summary>
internal enum AfterEarlierPush
{
    GoOn,

    /// <summary>The run goes on although the earlier push is not finished on all its nodes.</summary>
    GoOnWithout,

    Stop,
}

/// <summary>Decides what a run does about a push that an earlier run left unfinished. Pure functions.</summary>
internal static class EarlierPushRule
{
    /// <summary>What a run does that is called for something else.</summary>
    /// <param name="configPath">The configuration file of the run, as an absolute path.</param>
    /// <param name="mustFinish">The run is for all nodes or none, so it has to write a commit record of its own.</param>
    public static EarlierPushAction Before(CommitRecord earlier, string configPath, bool dryRun, bool mustFinish) =>
        dryRun ? EarlierPushAction.Mention
        : earlier.ConfigPath == configPath ? EarlierPushAction.Finish
        : mustFinish ? EarlierPushAction.Refuse
        : EarlierPushAction.Mention;

    /// <summary>What a run does that is called only to finish the earlier push.</summary>
    /// <param name="configPath">The configuration file of the run, as an absolute path.</param>
    public static EarlierPushAction OfSettling(CommitRecord earlier, string configPath, bool dryRun) =>
        earlier.ConfigPath != configPath ? EarlierPushAction.Refuse
        : dryRun ? EarlierPushAction.Mention
        : EarlierPushAction.Finish;

    /// <summary>Whether the run goes on after it has tried to finish the earlier push.</summary>
    /// <param name="reports">The reports of the nodes of the earlier push.</param>
    /// <param name="mustFinish">The run is for all nodes or none.</param>
    /// <param name="isInterrupted">The run is to end.</param>
    public static AfterEarlierPush After(IEnumerable<NodeReport> reports, bool mustFinish, bool isInterrupted) =>
        reports.All(report => report.IsGood) ? AfterEarlierPush.GoOn
        : mustFinish || isInterrupted ? AfterEarlierPush.Stop
        : AfterEarlierPush.GoOnWithout;

    /// <summary>Divides the nodes of the earlier push into those that the configuration still names and those that it no
    /// longer names.</summary>
    public static (IReadOnlyList<DecidedNode> Nodes, IReadOnlyList<DecidedNode> Dropped) Divide(
        CommitRecord earlier, IReadOnlyCollection<Node> configured)
    {
        var named = earlier.Nodes.ToLookup(node => configured.Contains(node.Node));
        return ([.. named[true]], [.. named[false]]);
    }
}
