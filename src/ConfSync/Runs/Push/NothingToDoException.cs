using ConfSync.Events;

namespace ConfSync.Runs;

/// <summary>Ends the push to a node on which nothing is to be done, as its scan showed. It carries the report.</summary>
internal sealed class NothingToDoException(NodeReport report) : Exception(report.ToString())
{
    public NodeReport Report => report;
}
