using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a finding means for the administrator, from the least to the most.</summary>
public enum Severity
{
    Ok,

    /// <summary>Worth knowing. Nothing has to be done.</summary>
    Note,

    /// <summary>A push works, and something about it is not as it should be, or will not be for long.</summary>
    Warning,

    /// <summary>A push does not work.</summary>
    Error,
}

/// <summary>What a doctor looks at, in the order in which it is reported.</summary>
public enum DoctorCheck
{
    Name,
    Route,
    Port,
    HostKey,
    Login,
    Sudo,
    Machine,
    Tools,
    Disks,
    View,
    Lock,
    Clock,
    Nginx,
    Version,
    Modules,
    Files,
    Includes,
    Patterns,
    Certificates,
    Limits,
    Beside,

    /// <summary>What a push would say at its beginning.</summary>
    Push,
}

/// <summary>One thing that a doctor found on a machine. A closed set of records; <c>Reports</c> says each with its
/// remedy.</summary>
public abstract record Finding(DoctorCheck Check, Severity Severity)
{
    /// <summary>The check found nothing to say.</summary>
    public sealed record Passed(DoctorCheck Check) : Finding(Check, Severity.Ok);

    /// <param name="User">The ID of the user that work is done as.</param>
    /// <param name="Took">From the start of the login to the first answer.</param>
    public sealed record LoggedIn(uint User, TimeSpan Took) : Finding(DoctorCheck.Login, Severity.Ok);

    /// <summary>The login failed at this check.</summary>
    /// <param name="Words">What ssh or the machine said.</param>
    /// <param name="Advice">What to do; null where the words say enough.</param>
    public sealed record NotReached(DoctorCheck Check, string Words, string? Advice) : Finding(Check, Severity.Error);

    /// <summary>The file of SSHKEY is not there, or its directory is closed to this user.</summary>
    public sealed record KeyMissing(string Path) : Finding(DoctorCheck.Login, Severity.Warning);

    public sealed record NotDistinct(Refusal Why) : Finding(DoctorCheck.Machine, Severity.Error);

    /// <param name="Programs">Those without which no push works.</param>
    public sealed record ToolsMissing(ImmutableArray<string> Programs) : Finding(DoctorCheck.Tools, Severity.Error);

    /// <param name="Program">A push works without it, and does less.</param>
    /// <param name="IsNeeded">The configuration needs it.</param>
    public sealed record ToolWanted(string Program, bool IsNeeded) : Finding(DoctorCheck.Tools, IsNeeded ? Severity.Error : Severity.Note);

    /// <param name="Least">The place with the least room.</param>
    public sealed record DisksRoomy(DiskRoom Least) : Finding(DoctorCheck.Disks, Severity.Ok);

    public sealed record DiskLow(DiskRoom Room, bool IsFull) : Finding(DoctorCheck.Disks, IsFull ? Severity.Error : Severity.Warning);

    public sealed record InodesLow(DiskRoom Room) : Finding(DoctorCheck.Disks, Severity.Warning);

    public sealed record DiskReadOnly(DiskRoom Room) : Finding(DoctorCheck.Disks, Severity.Error);

    /// <param name="IsRequired">REQUIRE_STAGED_TEST is set.</param>
    public sealed record NoView(string Words, bool IsRequired) : Finding(DoctorCheck.View, IsRequired ? Severity.Error : Severity.Note);

    public sealed record PushAtWork() : Finding(DoctorCheck.Lock, Severity.Note);

    public sealed record PushUnfinished(string Words) : Finding(DoctorCheck.Lock, Severity.Warning);

    /// <summary>It cannot be looked at, or is not root's.</summary>
    public sealed record PushUnseen(string Words) : Finding(DoctorCheck.Lock, Severity.Error);

    public sealed record ClockDiffers(TimeSpan Ahead) : Finding(DoctorCheck.Clock, Severity.Warning);

    /// <param name="Version">Null where it is not known.</param>
    public sealed record NginxRuns(int Master, string Program, string File, string? Version) : Finding(DoctorCheck.Nginx, Severity.Ok);

    public sealed record NginxMissing(string Program) : Finding(DoctorCheck.Nginx, Severity.Error);

    /// <param name="Words">Which other nginx was seen; empty for none.</param>
    /// <param name="IsExpected">EXPECT_RUNNING allows it, or it is the primary, which may only keep the files.</param>
    public sealed record NginxStopped(string Words, bool IsExpected) : Finding(DoctorCheck.Nginx, IsExpected ? Severity.Note : Severity.Error);

    public sealed record NginxUncertain(string Words) : Finding(DoctorCheck.Nginx, Severity.Error);

    /// <param name="Held">The number in it; null for none.</param>
    public sealed record PidFileWrong(string File, int? Held, int Master) : Finding(DoctorCheck.Nginx, Severity.Warning);

    /// <summary>The files on the disk do not pass nginx's test.</summary>
    public sealed record TestFails(string Words) : Finding(DoctorCheck.Nginx, Severity.Error);

    public sealed record VersionDiffers(string Here, string There) : Finding(DoctorCheck.Version, Severity.Warning);

    /// <param name="OnlyHere">Those that the primary's nginx has and the node's has not.</param>
    public sealed record ModulesDiffer(ImmutableArray<string> OnlyHere, ImmutableArray<string> OnlyThere)
        : Finding(DoctorCheck.Modules, OnlyHere.IsEmpty ? Severity.Note : Severity.Warning);

    /// <summary>nginx reads no file of CONFPATHS.</summary>
    /// <param name="File">The main file that it reads.</param>
    public sealed record NothingRead(string File) : Finding(DoctorCheck.Files, Severity.Warning);

    /// <summary>Files that nginx reads and that no push brings.</summary>
    public sealed record FilesOutside(ImmutableArray<string> Paths) : Finding(DoctorCheck.Files, Severity.Note);

    /// <summary>The same, and the other side's nginx does not read them.</summary>
    /// <param name="IsHere">It is the primary's nginx that reads them.</param>
    public sealed record FilesOnlyOneReads(ImmutableArray<string> Paths, bool IsHere) : Finding(DoctorCheck.Files, Severity.Warning);

    /// <summary>The node does not hold what the primary has.</summary>
    /// <param name="Paths">How many paths differ.</param>
    public sealed record Drifted(int Paths) : Finding(DoctorCheck.Files, Severity.Note);

    /// <summary>Patterns that lead out of CONFPATHS.</summary>
    public sealed record IncludesOutside(ImmutableArray<string> Patterns) : Finding(DoctorCheck.Includes, Severity.Note);

    public sealed record PatternUnmatched(NamedPattern Pattern) : Finding(DoctorCheck.Patterns, Severity.Warning);

    /// <param name="Soonest">The one that expires first.</param>
    public sealed record CertificatesFine(int Count, string Soonest, DateTimeOffset Expires) : Finding(DoctorCheck.Certificates, Severity.Ok);

    /// <param name="Left">Negative where it has expired.</param>
    public sealed record CertificateExpires(string Path, DateTimeOffset Expires, TimeSpan Left)
        : Finding(DoctorCheck.Certificates, Left < TimeSpan.Zero ? Severity.Error : Severity.Warning);

    public sealed record CertificateUnreadable(string Path) : Finding(DoctorCheck.Certificates, Severity.Note);

    /// <param name="Connections">What one worker is to have.</param>
    public sealed record FileLimitLow(int Connections, long Limit) : Finding(DoctorCheck.Limits, Severity.Warning);

    public sealed record KernelFilesLow(OpenFiles Files) : Finding(DoctorCheck.Limits, Severity.Warning);

    public sealed record ProgramFine(string Name) : Finding(DoctorCheck.Beside, Severity.Ok);

    public sealed record ProgramStopped(string Name) : Finding(DoctorCheck.Beside, Severity.Note);

    public sealed record ProgramTestFails(string Name, int Status, string Words) : Finding(DoctorCheck.Beside, Severity.Warning);

    /// <summary>A push would be refused at its beginning.</summary>
    public sealed record PushRefused(string Words, string? Advice) : Finding(DoctorCheck.Push, Severity.Error);

    /// <summary>A push would stop on the primary.</summary>
    public sealed record PrimaryCannotPush(PrimaryProblem Problem) : Finding(DoctorCheck.Push, Severity.Error);
}
