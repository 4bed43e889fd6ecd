using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>What was attempted on the primary.</summary>
public enum PrimaryStep
{
    ReadCommitRecord,

    /// <summary>The primary's own nginx.</summary>
    Test,
    Scan,
    PostSync,
    ReadContents,
    Save,

    /// <summary>Whether all nodes are machines of their own.</summary>
    TellApart,
    RollBack,
}

/// <summary>What keeps a run from touching any node.</summary>
/// <param name="Step">What was attempted.</param>
public sealed record PrimaryProblem(PrimaryStep Step, PrimaryFault Fault)
{
    /// <summary>Where it was attempted, such as a directory; null where the step says it all.</summary>
    public string? Place { get; init; }
}

/// <summary>What is wrong on the primary, or with the run as a whole. One of the records in here; <c>Reports</c> make
/// sentences of them.</summary>
public abstract record PrimaryFault
{
    private PrimaryFault()
    {
    }

    /// <summary>A program said it.</summary>
    public sealed record Said(string Words) : PrimaryFault;

    public sealed record Refused(Refusal Refusal) : PrimaryFault;

    /// <param name="Problems">At least one.</param>
    public sealed record CannotBePushed(ImmutableArray<FileProblem> Problems) : PrimaryFault;

    /// <summary>A file is no longer what it was when it was looked at.</summary>
    public sealed record Moved(string Path) : PrimaryFault;

    /// <param name="Problems">Rules that could not be applied; at least one.</param>
    public sealed record PostSyncInapplicable(ImmutableArray<PostSyncProblem> Problems) : PrimaryFault;

    /// <summary>The record of an earlier push to all or none makes no sense.</summary>
    /// <param name="Words">In what.</param>
    public sealed record CommitRecordDamaged(string Path, string Words) : PrimaryFault;
}

/// <summary>What keeps a path of the primary from being pushed. One of the records in here.</summary>
public abstract record FileProblem
{
    private FileProblem()
    {
    }

    /// <summary>CONFPATHS names it, and it is not there.</summary>
    public sealed record Missing(string Path) : FileProblem;

    /// <summary>It is a socket, device or fifo.</summary>
    public sealed record Special(string Path) : FileProblem;

    public sealed record Unreadable(string Path) : FileProblem;

    /// <param name="Size">In bytes.</param>
    public sealed record TooLarge(string Path, long Size) : FileProblem;

    /// <summary>Another user may write to these.</summary>
    public sealed record ForeignDirectories(ImmutableArray<Entry> Directories) : FileProblem;
}
