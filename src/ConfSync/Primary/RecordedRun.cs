using System.Collections.Frozen;
using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Primary;

/// <summary>What became of one node in a run.</summary>
/// <param name="Node">Its name in NODES.</param>
public sealed record RecordedNode(string Node, NodeOutcome Outcome);

/// <summary>A run as the primary remembers it, for the history. The nodes keep what the run changed there. They do not know
/// where it failed or found nothing to do.</summary>
/// <param name="Who">The primary and its user.</param>
/// <param name="Nodes">All nodes of the run, in their order.</param>
public sealed record RecordedRun(RunRecord Run, string Who, ImmutableArray<RecordedNode> Nodes)
{
    /// <summary>The run, or null where it is not worth a record because every node held already what it was to
    /// hold.</summary>
    /// <param name="run">What the nodes record of it; null for nothing.</param>
    /// <param name="reports">One for each node.</param>
    public static RecordedRun? Of(RunRecord? run, string who, IReadOnlyCollection<NodeReport> reports) =>
        run is null || reports.All(report => report.Outcome is NodeOutcome.Unchanged or NodeOutcome.NotOfRun)
            ? null
            : new RecordedRun(run, who, [.. reports.Select(report => new RecordedNode(report.Node.ToString(), report.Outcome))]);

    /// <summary>The run while it is at work.</summary>
    /// <param name="nodes">All nodes of the run.</param>
    public static RecordedRun AtWork(RunRecord run, string who, IEnumerable<Node> nodes) =>
        new(run, who, [.. nodes.Select(node => new RecordedNode(node.ToString(), NodeOutcome.NotTold))]);

    /// <summary>One line without its end: percent-encoded words, those of the run first, then a node and its outcome in
    /// turn (docs/protocol.md, "The record of runs").</summary>
    public string Format() => string.Join(' ', Run.Format().Split('\n').Append(Who).Select(Word).Concat(Nodes.SelectMany(OfNode)));

    /// <returns>The run; null if <see cref="Format"/> never makes this line. A later version may have made it.</returns>
    public static RecordedRun? Parse(string line)
    {
        try
        {
            var encoded = line.Split(' ');
            if (encoded.Contains("") || encoded.Length < FirstWords || encoded.Length % 2 != FirstWords % 2) return null;
            var words = encoded.Select(word => word == None ? "" : Wire.Decode(word)).ToList();
            var nodes = words.Skip(FirstWords).Chunk(2).ToList();
            if (!nodes.All(pair => Outcomes.ContainsKey(pair[1]))) return null;
            return RunRecord.Parse(string.Join('\n', words.Take(FirstWords - 1))) is { } run
                ? new RecordedRun(run, words[FirstWords - 1], [.. nodes.Select(pair => new RecordedNode(pair[0], Outcomes[pair[1]]))])
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // A dry run is not recorded.
    private static readonly FrozenDictionary<string, NodeOutcome> Outcomes =
        Enum.GetValues<NodeOutcome>().Except([NodeOutcome.WouldUpdate]).ToFrozenDictionary(outcome => outcome.ToString(), StringComparer.Ordinal);

    // The four of RunRecord.Format, and who.
    private const int FirstWords = 5;

    // An encoded word has no %- in it, and none is empty.
    private const string None = "%-";

    private static string Word(string text) => text.Length == 0 ? None : Wire.Encode(text);

    private static IEnumerable<string> OfNode(RecordedNode node) => [Wire.Encode(node.Node), node.Outcome.ToString()];
}
