using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>Prints what a run says, in the original's order: node after node in the order of NODES, although they run
/// together; each as soon as all before it are finished.</summary>
internal sealed class PushPrinter(Output output, IReadOnlyList<NodeAddress> nodes, PushText text)
{
    private readonly Lock sync = new();
    private readonly Dictionary<NodeAddress, NodeReport> finished = [];
    private readonly Dictionary<NodeAddress, PushStep> working = [];
    private readonly Dictionary<NodeAddress, int> generations = [];
    private bool primaryReady;
    private int printed;

    public void Ended(IReadOnlyList<NodeReport> reports) => Print(text.Ended(reports, DateTimeOffset.Now));

    /// <summary>Takes what the run says.</summary>
    public void Take(RunEvent said)
    {
        lock (sync)
        {
            Print(said is RunEvent.Began ? text.Began(DateTimeOffset.Now) : text.Of(said));
            Remember(said);
            // Until the primary is ready, what became of a node may be the primary's fault.
            if (primaryReady) PrintFinished();
            ShowStatus();
        }
    }

    private void Remember(RunEvent said)
    {
        switch (said)
        {
            case RunEvent.PrimaryReady:
                primaryReady = true;
                break;
            case RunEvent.BeganAgain:
                primaryReady = false;
                printed = 0;
                finished.Clear();
                working.Clear();
                break;
            case RunEvent.NodeGoesBack { Node: var node, Generation: var generation }:
                generations[node] = generation;
                break;
            case RunEvent.NodeBegan { Node: var node, Step: var step }:
                working[node] = step;
                break;
            case RunEvent.NodeFinished { Report: var report }:
                working.Remove(report.Node);
                finished[report.Node] = report;
                break;
        }
    }

    private void PrintFinished()
    {
        while (printed < nodes.Count && finished.TryGetValue(nodes[printed], out var report))
        {
            printed++;
            Print(text.Of(report, generations.TryGetValue(report.Node, out var generation) ? generation : null));
        }
    }

    private void ShowStatus()
    {
        if (!output.ShowsStatus || working.Count == 0 || printed == nodes.Count) return;
        output.Status(StatusText.Of(finished.Count, nodes.Count, working));
    }

    private void Print(IEnumerable<ReportLine> lines)
    {
        foreach (var line in lines) output.Print(line);
    }
}
