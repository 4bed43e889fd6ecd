using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>Prints what a run says, in the original's order: node after node in the order of NODES, although they run
/// together; each as soon as all before it are finished.</summary>
internal sealed class PushPrinter(
    Output output, RunReporter reporter, IReadOnlyList<Node> nodes, PushText text, InterruptText interrupt) : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private NodeOrder order = new(nodes, text);
    private Timer? clock;
    private bool isConcluded;

    /// <summary>Takes what the run says.</summary>
    public void Take(RunEvent said)
    {
        lock (sync)
        {
            reporter.Take(said);
            Print(said is RunEvent.Began ? text.Began(DateTimeOffset.Now) : text.Of(said));
            if (said is RunEvent.FinishingEarlier earlier) order = new NodeOrder(earlier.Nodes, text.OfEarlier);
            if (said is RunEvent.EarlierFinished) order = new NodeOrder(nodes, text);
            Print(order.Take(said));
            ShowStatus();
        }
    }

    public void Dispose() => clock?.Dispose();

    public void Ended(IReadOnlyList<NodeReport> reports) => Print(text.Ended(reports, DateTimeOffset.Now));

    public void Conclude(IReadOnlyList<NodeReport> reports)
    {
        lock (sync) isConcluded = true;
        Print(text.Concluded(reports, reporter.Astray));
        reporter.Ended(reports);
    }

    /// <summary>A signal asks the run to end.</summary>
    public void AskedToEnd()
    {
        lock (sync)
        {
            // The verdict is the last line.
            if (!isConcluded) output.Warning(interrupt.Asked(order.Live));
        }
    }

    /// <summary>A second signal ends it.</summary>
    public void CutOff()
    {
        lock (sync) output.Warning(InterruptText.CutOff(order.Live));
    }

    // The time goes on where nothing is said.
    private void ShowStatus()
    {
        if (!output.ShowsStatus || order.Status is not { } status) return;
        output.Status(status);
        clock ??= new Timer(_ => Tick(), null, Second, Second);
    }

    private void Tick()
    {
        lock (sync) ShowStatus();
    }

    private void Print(IEnumerable<ReportLine> lines)
    {
        foreach (var line in lines) output.Print(line);
    }

    /// <summary>Which nodes are finished, and which of them may be printed.</summary>
    private sealed class NodeOrder(IReadOnlyList<Node> nodes, PushText text)
    {
        private readonly Dictionary<Node, NodeReport> finished = [];
        private readonly Dictionary<Node, (PushStep Step, TimeSpan Since)> working = [];
        private readonly Stopwatch time = Stopwatch.StartNew();
        private readonly Dictionary<Node, int> generations = [];
        private readonly HashSet<Node> hadTurn = [];
        private bool primaryReady;
        private int printed;

        /// <summary>The nodes that have had their turn and are not finished: what is live there is proven or undone.</summary>
        public IReadOnlyList<LiveNode> Live =>
            [.. nodes.Where(node => hadTurn.Contains(node) && working.ContainsKey(node)).Select(node => new LiveNode(node, working[node].Step))];

        /// <summary>What goes on; null where nothing does.</summary>
        public IReadOnlyList<string>? Status => working.Count == 0 || printed == nodes.Count ? null : StatusText.Lines(
            [.. nodes.Skip(printed).Select(StatusOf).OfType<NodeStatus>()], finished.Count, nodes.Count, time.Elapsed, Output.StatusHeight);

        /// <returns>What may be printed now.</returns>
        public List<ReportLine> Take(RunEvent said)
        {
            Remember(said);
            List<ReportLine> ready = [];
            // Until the primary is ready, what became of a node may be the primary's fault.
            while (primaryReady && printed < nodes.Count && finished.TryGetValue(nodes[printed], out var report))
            {
                printed++;
                ready.AddRange(text.Of(report, GenerationOf(report.Node)));
            }
            return ready;
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
                    hadTurn.Clear();
                    break;
                case RunEvent.NodeGoesBack { Node: var node, Generation: var generation }:
                    generations[node] = generation;
                    break;
                case RunEvent.NodeBegan { Node: var node, Step: var step }:
                    working[node] = (step, working.TryGetValue(node, out var now) && now.Step == step ? now.Since : time.Elapsed);
                    // Before a reload that changes no file, nothing else tells of the turn.
                    if (step is PushStep.Activate or PushStep.Reload) hadTurn.Add(node);
                    break;
                case RunEvent.NodeFinished { Report: var report }:
                    working.Remove(report.Node);
                    finished[report.Node] = report;
                    break;
            }
        }

        private NodeStatus? StatusOf(Node node) =>
            finished.ContainsKey(node) ? new NodeStatus(node, null, TimeSpan.Zero)
            : working.TryGetValue(node, out var at) ? new NodeStatus(node, at.Step, time.Elapsed - at.Since)
            : null;

        private int? GenerationOf(Node node) => generations.TryGetValue(node, out var generation) ? generation : null;
    }
}
