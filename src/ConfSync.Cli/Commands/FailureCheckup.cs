using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>After a push that failed for want of something on a node, looks at that node as nginx-sync doctor does, and says what it lacks
/// and what to do. A login that failed needs none of it: its failure says what to do.</summary>
internal static class FailureCheckup
{
    private static readonly Dictionary<PeerFailure, ImmutableArray<DoctorCheck>> Explained = new()
    {
        [PeerFailure.Prerequisite] = [DoctorCheck.Tools],
        [PeerFailure.Stage] = [DoctorCheck.Disks],
        [PeerFailure.Write] = [DoctorCheck.Disks],
        [PeerFailure.Undo] = [DoctorCheck.Disks],
        [PeerFailure.Unfinished] = [DoctorCheck.Disks],
    };

    /// <returns>For each finding that explains a failure a line, with its remedy; nothing, and no node is asked, where no failure is one that
    /// a finding explains.</returns>
    public static async Task<ImmutableArray<string>> LinesAsync(CommandContext context, IEnumerable<NodeReport> reports, CancellationToken cancellation)
    {
        var failed = reports.OfType<NodeReport.Failed>().Where(report => Explained.ContainsKey(report.Failure.Kind) && report.Failure.Refusal is null).ToList();
        if (failed.Count == 0 || cancellation.IsCancellationRequested) return [];
        var request = new DoctorRequest(context.Config, [.. failed.Select(report => report.Node)], context.Sudo, CommandContext.Who);
        var diagnosis = await new DoctorRun(request, context.TransportTo, context.Timeline).RunAsync(cancellation);
        return
        [
            .. from pair in failed.Zip(diagnosis.Nodes, (report, node) => (report, node))
               from finding in pair.node.Findings
               where finding.Severity >= Severity.Warning && Explained[pair.report.Failure.Kind].Contains(finding.Check)
               select DoctorText.Line(pair.report.Node, finding),
        ];
    }
}
