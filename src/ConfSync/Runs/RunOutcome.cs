using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>How a run that may change nodes ended. A closed set of records.</summary>
public abstract record RunOutcome
{
    private RunOutcome()
    {
    }

    /// <summary>The run was carried out. The reports, one for each node of the run, say what became of the nodes.</summary>
    public sealed record Ended(IReadOnlyList<NodeReport> Reports) : RunOutcome
    {
        /// <summary>The addresses that move and have no holder, or several, now.</summary>
        public ImmutableArray<AddressHolders> Astray { get; init; } = [];
    }

    /// <summary>The lock of this machine could not be taken. Nothing was done.</summary>
    public sealed record NotLocked(LockProblem Problem) : RunOutcome
    {
        /// <summary>How long it was waited for.</summary>
        public TimeSpan Waited { get; init; }
    }

    /// <summary>A push with another configuration file is decided and not finished. It must be finished first, because
    /// there is only one commit record. The run did nothing.</summary>
    public sealed record OtherUnfinished(CommitRecord Other) : RunOutcome;

    /// <summary>An earlier push could not be finished on all its nodes, and the run did nothing else.</summary>
    /// <param name="Reports">The reports of the nodes of the earlier push.</param>
    /// <param name="IsInterrupted">The run was interrupted. Otherwise it was a run for all nodes or none, which needs the
    /// earlier push to be finished.</param>
    public sealed record EarlierUnfinished(
        CommitRecord Earlier, IReadOnlyList<NodeReport> Reports, bool IsInterrupted) : RunOutcome;

    /// <summary>Something on the primary itself was wrong. The run changed no node.</summary>
    public sealed record PrimaryFailed(PrimaryProblem Problem) : RunOutcome;

    /// <summary>No push waits to be finished.</summary>
    public sealed record NothingToSettle : RunOutcome;

    /// <summary>The run is a dry run. Without that, it would finish this push.</summary>
    public sealed record WouldSettle(CommitRecord Earlier) : RunOutcome;
}
