using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>What a node holds at the end of a run, as far as that was seen.</summary>
internal enum Holding
{
    /// <summary>What it was to hold.</summary>
    New,

    /// <summary>The files that it was to hold, and nginx was not seen to serve them.</summary>
    NewUnproven,

    /// <summary>What it held before, which is something else.</summary>
    Old,

    /// <summary>The files that it held before, and a service was not seen to serve them again.</summary>
    OldUnproven,

    /// <summary>What it held before; nobody looked what that is.</summary>
    Unseen,

    /// <summary>An undo did not succeed: neither as a whole.</summary>
    Mixture,

    /// <summary>Its files have changed, and it was not seen to what.</summary>
    Unknown,
}

/// <summary>Reads a report for what the node holds now. Pure.</summary>
internal static class Holdings
{
    public static Holding Of(NodeReport report) => report switch
    {
        NodeReport.Updated or NodeReport.Unchanged => Holding.New,
        NodeReport.WouldUpdate or NodeReport.Undone => Holding.Old,
        // What this attempt left says nothing: others may have been at the node before it.
        NodeReport.InDoubt => Holding.Unknown,
        NodeReport.NotOfRun => Holding.Unseen,
        NodeReport.LeftAlone => AsBefore(report),
        NodeReport.Failed { Failure.State: var state } => state switch
        {
            PeerState.Untouched => AsBefore(report),
            PeerState.Undone => Holding.Old,
            PeerState.NotUndone => Holding.Mixture,
            PeerState.Restored => Holding.OldUnproven,
            PeerState.Confirmed => Holding.NewUnproven,
            PeerState.Unknown => Holding.Unknown,
            _ => throw new UnreachableException(),
        },
        _ => throw new UnreachableException(),
    };

    private static Holding AsBefore(NodeReport report) => report.HeldOther switch
    {
        true => Holding.Old,
        false => Holding.NewUnproven,
        null => Holding.Unseen,
    };
}
