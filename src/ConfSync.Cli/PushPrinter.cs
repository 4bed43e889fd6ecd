using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>A push in the original's words and order: node after node in the order of NODES, although they run
/// together; each as soon as all before it are finished.</summary>
/// <param name="verbose">Every path that changes is named.</param>
internal class PushPrinter(Output output, IReadOnlyList<NodeAddress> nodes, bool verbose)
{
    private readonly Lock sync = new();
    private readonly Dictionary<NodeAddress, NodeReport> finished = [];
    private readonly Dictionary<NodeAddress, PushStep> working = [];
    private bool primaryReady;
    private int printed;

    protected virtual void PrintBeginning()
    {
        output.Star($"{Name} started at {LocalTime.Format(DateTimeOffset.Now)}");
        output.Star("Checking prerequisites");
        output.Star("Testing local nginx configuration file");
    }

    /// <summary>Takes what the run says.</summary>
    public virtual void Take(RunEvent said)
    {
        switch (said)
        {
            case RunEvent.Began:
                PrintBeginning();
                break;
            case RunEvent.PrimaryTested primary:
                PrintTest(primary.Test);
                break;
            case RunEvent.PrimaryReady:
                BeReady();
                break;
            case RunEvent.PrimaryRescanned { Moved: var moved }:
                Remark($"the local files were looked at again, since some changed meanwhile: {moved}");
                break;
            case RunEvent.BeganAgain { Path: var path }:
                BeginAgain(path);
                break;
            case RunEvent.NodeBegan { Node: var node, Step: var step }:
                Begin(node, step);
                break;
            case RunEvent.NodeRescanned { Node: var node, Moved: var moved }:
                Remark($"{node}: looked at again, since files changed meanwhile: {moved}");
                break;
            case RunEvent.NodeFinished { Report: var report }:
                Finish(report);
                break;
            case RunEvent.RecordNotUpdated { Words: var words }:
                output.Error(Texts.NotUpdated(words));
                break;
        }
    }

    public virtual void Ended(IReadOnlyList<NodeReport> reports)
    {
        output.Star($"{Name} ended at {LocalTime.Format(DateTimeOffset.Now)}");
        Summarise(reports);
    }

    /// <summary>The last word of a run in which something failed.</summary>
    public void Summarise(IReadOnlyList<NodeReport> reports)
    {
        if (Texts.Summary(reports) is { } summary) output.Error(summary);
    }

    private void PrintTest(PrimaryTest test)
    {
        output.Line(Texts.ShownLines(test.Words));
        if (verbose && test.Nginx is { } nginx) output.Line($"nginx here: {nginx}");
        foreach (var line in Texts.Of(test.Outside, verbose)) output.Line(line);
    }

    private void BeReady()
    {
        lock (sync)
        {
            primaryReady = true;
            PrintFinished();
        }
    }

    private void Begin(NodeAddress node, PushStep step)
    {
        lock (sync)
        {
            working[node] = step;
            ShowStatus();
        }
    }

    private void Finish(NodeReport report)
    {
        lock (sync)
        {
            working.Remove(report.Node);
            finished[report.Node] = report;
            if (primaryReady) PrintFinished();
        }
    }

    private void Remark(string words)
    {
        if (verbose) output.Line(Texts.ShownLines(words));
    }

    private void BeginAgain(string path)
    {
        Remark($"beginning again: {RefusalText.Moved(path)}");
        lock (sync)
        {
            primaryReady = false;
            printed = 0;
            finished.Clear();
            working.Clear();
        }
    }

    protected virtual string Name => "Synchronization";

    protected virtual void PrintUpdating(NodeAddress node)
    {
        output.Star($"Backing up configuration on {node}");
        output.Star($"Updating configuration on {node}");
    }

    protected virtual string UpToDate(NodeAddress node) => $"Configuration on {node} is up to date";

    protected virtual string WouldUpdate(NodeAddress node) => $"Would update configuration on {node}";

    protected virtual string FailureOf(NodeReport.Failed report) => FailureText.Of(report);

    private void PrintFinished()
    {
        while (printed < nodes.Count && finished.TryGetValue(nodes[printed], out var report))
        {
            printed++;
            Print(report);
        }
        ShowStatus();
    }

    private void Print(NodeReport report)
    {
        var node = report.Node;
        if (verbose && report.Nginx is { } nginx) output.Line($"nginx on {node}: {nginx}");
        foreach (var note in report.Notes) output.Line($"{node}: {NoteText.Of(note)}");
        switch (report)
        {
            case NodeReport.Updated updated:
                PrintUpdating(node);
                if (verbose) PrintChanges(updated.Changes);
                PrintTest(node, updated.Test, "was tested in place, since it allows no private view");
                PrintServed(updated);
                break;
            case NodeReport.Unchanged unchanged:
                output.Star(UpToDate(node));
                if (unchanged.TestWords is { } words) PrintTest(node, new NodeTest(words, null));
                if (unchanged.Served == Served.Reloaded)
                {
                    output.Line($"{node} was not known to serve it: nginx was reloaded and serves it now");
                }
                break;
            case NodeReport.WouldUpdate would:
                output.Star(WouldUpdate(node));
                PrintChanges(would.Changes);
                PrintTest(node, would.Test, "was not tested: that is possible only in place there");
                break;
            case NodeReport.Undone undone:
                output.Star($"Undid the update on {node}, since {NoteText.Of(undone.Why)}: it has what it had");
                break;
            case NodeReport.LeftAlone:
                output.Star($"Left {node} as it was: the run was stopped before its turn");
                break;
            case NodeReport.Failed failed:
                if (failed.Failure.Step == PushStep.Test) output.Star($"Testing nginx config on {node}");
                output.Error(FailureOf(failed));
                break;
        }
    }

    private void PrintChanges(IEnumerable<Change> changes)
    {
        foreach (var change in changes) output.Line($"    {Texts.Of(change)}");
    }

    private void PrintTest(NodeAddress node, NodeTest test, string withoutView = "")
    {
        output.Star($"Testing nginx config on {node}");
        if (test.Words is { } words) output.Line(Texts.ShownLines(words));
        if (test.NoView is { } reason) output.Line($"{node} {withoutView} ({Texts.Shown(reason)})");
    }

    private void PrintServed(NodeReport.Updated report)
    {
        if (report.Served == Served.NotRunning) output.Line($"nginx is not running on {report.Node}, skipping reload");
        if (report.Served == Served.NotReloaded) output.Line($"nginx on {report.Node} was not reloaded (--no-reload)");
    }

    private void ShowStatus()
    {
        if (!output.ShowsStatus || working.Count == 0 || printed == nodes.Count) return;
        var steps = working.GroupBy(pair => pair.Value).OrderBy(group => group.Key)
            .Select(group => $"{Word(group.Key)} {string.Join(' ', group.Select(pair => pair.Key))}");
        output.Status($"{finished.Count}/{nodes.Count} nodes; {string.Join("; ", steps)}");
    }

    private static string Word(PushStep step) => step switch
    {
        PushStep.Connect => "connecting to",
        PushStep.Scan => "scanning",
        PushStep.Stage => "staging and testing on",
        PushStep.Test => "testing on",
        PushStep.Wait => "waiting for their turn:",
        PushStep.Activate => "activating on",
        PushStep.Reload => "reloading",
        PushStep.HealthCheck => "checking the health of",
        PushStep.Agree => "waiting for the others:",
        PushStep.Settle => "finding out about",
        _ => "confirming",
    };
}
