using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>What the run attempted on the primary.</summary>
public enum PrimaryStep
{
    ReadCommitRecord,

    /// <summary>The test of the primary's own nginx.</summary>
    Test,
    Scan,
    PostSync,
    ReadContents,
    Save,

    /// <summary>Whether all nodes are different machines.</summary>
    TellApart,
    RollBack,
}

/// <summary>Why a run touches no node.</summary>
/// <param name="Step">What was attempted.</param>
public sealed record PrimaryProblem(PrimaryStep Step, PrimaryFault Fault)
{
    /// <summary>Where it was attempted, such as a directory; null where the step says it.</summary>
    public string? Place { get; init; }
}

/// <summary>What is wrong on the primary, or with the run as a whole. A closed set of records; <c>Reports</c> turns them
/// into sentences.</summary>
public abstract record PrimaryFault
{
    private PrimaryFault()
    {
    }

    /// <summary>A program said what is wrong.</summary>
    public sealed record Said(string Words) : PrimaryFault;

    public sealed record Refused(Refusal Refusal) : PrimaryFault;

    /// <param name="Problems">The problems; at least one.</param>
    public sealed record CannotBePushed(ImmutableArray<FileProblem> Problems) : PrimaryFault;

    /// <summary>A file has changed since it was scanned.</summary>
    public sealed record Moved(string Path) : PrimaryFault;

    /// <param name="Problems">The rules that could not be applied; at least one.</param>
    public sealed record PostSyncInapplicable(ImmutableArray<PostSyncProblem> Problems) : PrimaryFault;

    /// <summary>The commit record is damaged.</summary>
    /// <param name="Words">How it is damaged.</param>
    public sealed record CommitRecordDamaged(string Path, string Words) : PrimaryFault;
}

/// <summary>Why a path of the primary cannot be pushed. A closed set of records.</summary>
public abstract record FileProblem
{
    private FileProblem()
    {
    }

    /// <summary>CONFPATHS names the path, and nothing is there.</summary>
    public sealed record Missing(string Path) : FileProblem;

    /// <summary>The path is a socket, device or fifo.</summary>
    public sealed record Special(string Path) : FileProblem;

    public sealed record Unreadable(string Path) : FileProblem;

    /// <param name="Size">The size of the file in bytes.</param>
    public sealed record TooLarge(string Path, long Size) : FileProblem;

    /// <summary>Users other than root and the user of the run may write to these directories.</summary>
    public sealed record ForeignDirectories(ImmutableArray<Entry> Directories) : FileProblem;
}
