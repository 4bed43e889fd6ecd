using System.Collections.Immutable;
using ConfSync.Configuration;

namespace ConfSync.Reports;

/// <summary>What a document is about.</summary>
internal enum DocumentKind
{
    Push,
    Rollback,
    Settle,
    History,
    Comparison,
    Status,
    Doctor,
    Cluster,
}

/// <summary>How a run ended, for programs.</summary>
internal enum RunResult
{
    /// <summary>All is as it was to be: exit status 0.</summary>
    Ok,

    /// <summary>A comparison, a status, a doctor or a cluster: every node was looked at, and something is wrong on one.</summary>
    Findings,

    /// <summary>At least one node is not as it was to be, or nothing is known of it.</summary>
    Incomplete,

    /// <summary>Nothing was done.</summary>
    Refused,

    /// <summary>A signal ended it.</summary>
    Interrupted,
}

/// <summary>What every document begins with.</summary>
/// <param name="Started">By the primary's clock.</param>
internal sealed record DocumentHead(DocumentKind Kind, RunResult Result, int ExitStatus, DateTimeOffset Started, TimeSpan Took)
{
    /// <summary>Of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The primary and its user.</summary>
    public required string Who { get; init; }

    /// <summary>The configuration file, as it was named.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Why nothing was done; null where something was.</summary>
    public RunError? Error { get; init; }

    /// <summary>The verdict for people, of one or more lines; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>What the configuration file is warned of.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];
}
