using ConfSync.Events;

namespace ConfSync.Runs;

/// <summary>Once a node was looked at, nothing is to be done there.</summary>
internal sealed class NothingToDoException(NodeReport report) : Exception(report.ToString())
{
    public NodeReport Report => report;
}
