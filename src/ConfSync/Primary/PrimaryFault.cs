using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;
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

    /// <summary>What this machine remembers of runs.</summary>
    Remember,
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

    /// <summary>TEMPLATES names a path, and there is no template for it.</summary>
    /// <param name="Path">Where the template would be.</param>
    public sealed record NoTemplate(string Path) : FileProblem;

    /// <summary>EXCLUDE takes out what TEMPLATES names.</summary>
    public sealed record TemplateExcluded(string Path) : FileProblem;

    /// <summary>A node has a file of its own that is not beneath CONFPATHS.</summary>
    /// <param name="Path">The file on the primary.</param>
    public sealed record OwnFileOutside(string Path) : FileProblem;

    /// <summary>A template has a mark that a node has no value for.</summary>
    /// <param name="Path">The template on the primary.</param>
    /// <param name="ValuesPath">The file in which the value belongs.</param>
    public sealed record NoValue(string Path, int Line, string Name, Node Node, string ValuesPath) : FileProblem;

    /// <summary>A template holds <c>%{</c> and no mark.</summary>
    /// <param name="Path">The template on the primary.</param>
    public sealed record NoMark(string Path, int Line) : FileProblem;

    /// <param name="Size">The size of the file in bytes.</param>
    public sealed record TooLarge(string Path, long Size) : FileProblem;

    /// <summary>Users other than root and the user of the run may write to these directories.</summary>
    public sealed record ForeignDirectories(ImmutableArray<Entry> Directories) : FileProblem;
}
