using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>What a doctor found on one machine.</summary>
/// <param name="Node">Null for the primary.</param>
/// <param name="IsReached">It was logged in to.</param>
/// <param name="Findings">In the order in which they are reported.</param>
public sealed record MachineDiagnosis(Node? Node, bool IsReached, ImmutableArray<Finding> Findings, TimeSpan Took)
{
    /// <summary>That of its worst finding.</summary>
    public Severity Severity => Findings.Select(finding => finding.Severity).DefaultIfEmpty().Max();
}

/// <summary>What a doctor found on the primary and the nodes.</summary>
/// <param name="Started">By the primary's clock.</param>
/// <param name="Nodes">In the order of the request.</param>
public sealed record Diagnosis(DateTimeOffset Started, TimeSpan Took, MachineDiagnosis Primary, ImmutableArray<MachineDiagnosis> Nodes)
{
    public IEnumerable<MachineDiagnosis> Machines => Nodes.Prepend(Primary);

    public Severity Severity => Machines.Max(machine => machine.Severity);

    public int Count(Severity severity) => Machines.Sum(machine => machine.Findings.Count(finding => finding.Severity == severity));
}

/// <summary>What is known of one machine before anything is made of it.</summary>
/// <param name="LoginTook">From the start of the login to the first answer.</param>
/// <param name="Failure">Why it was not reached, or stopped answering; null where it told all.</param>
internal sealed record Examination(Checkup? Checkup, PeerStatus? Status, Scan? Scan, TimeSpan LoginTook, PeerException? Failure)
{
    /// <summary>The difference to what the primary has; null where that is not known.</summary>
    public int? Differences { get; init; }

    /// <summary>The machine's identity; null where it is not known.</summary>
    public string? Machine { get; init; }

    public TimeSpan Took { get; init; }
}
