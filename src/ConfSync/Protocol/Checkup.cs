using System.Collections.Immutable;

namespace ConfSync.Protocol;

/// <summary>What a machine says of itself to a doctor, before anything is made of it.</summary>
/// <param name="Logins">The IDs of the users that work there is done for: first the one it is done as, then the one who called
/// sudo, if one did.</param>
/// <param name="Lacking">The programs that some push uses and that are not there.</param>
/// <param name="Disks">The places that a push writes to.</param>
/// <param name="NoView">Why there can be no private view for the test; null where there can.</param>
/// <param name="IsLocked">A push is at work there.</param>
/// <param name="Unfinished">What an earlier push has left; null for nothing.</param>
/// <param name="Unseen">Why it is not known what an earlier push has left; null where it is.</param>
/// <param name="OpenFiles">How many files the kernel has open and would open; null where it does not say.</param>
/// <param name="Others">Programs beside nginx.</param>
public sealed record Checkup(
    ImmutableArray<uint> Logins, ImmutableHashSet<string> Lacking, ImmutableArray<DiskRoom> Disks, string? NoView, bool IsLocked,
    string? Unfinished, string? Unseen, NginxCheckup Nginx, OpenFiles? OpenFiles, ImmutableArray<ProgramBeside> Others);

/// <summary>The room at a place.</summary>
/// <param name="Path">The place.</param>
/// <param name="Directory">The last directory on the way to it that is there.</param>
/// <param name="IsWritable">Files can be made there.</param>
/// <param name="FreeBytes">Null where that is not known.</param>
/// <param name="FreeInodes">Null where that is not known, or the file system has no fixed number of them.</param>
/// <param name="Mount">Where the file system is mounted; null where that is not known.</param>
public sealed record DiskRoom(string Path, string Directory, bool IsWritable, long? FreeBytes, long? FreeInodes, string? Mount);

/// <param name="Used">How many files are open.</param>
/// <param name="Most">How many there may be.</param>
public sealed record OpenFiles(decimal Used, decimal Most);

/// <summary>A program that is there beside nginx, with a configuration of its own.</summary>
/// <param name="TestStatus">The exit status of its own test of that configuration.</param>
/// <param name="TestWords">What that test said.</param>
public sealed record ProgramBeside(string Name, bool Runs, int TestStatus, string TestWords);

/// <summary>The nginx of a machine.</summary>
/// <param name="Presence">Whether there is one that serves.</param>
/// <param name="Words">What the script said of that, where it could not tell or saw another nginx; empty for nothing.</param>
/// <param name="Build">The words of <c>nginx -V</c>; empty where there is no program.</param>
public sealed record NginxCheckup(NginxPresence Presence, string Words, string Build)
{
    /// <summary>The PID of the master; null where none runs.</summary>
    public int? Master { get; init; }

    /// <summary>The program that the master runs.</summary>
    public string Program { get; init; } = "";

    /// <summary>How many files a process of it may open; null for no limit, or where that is not known.</summary>
    public long? OpenFileLimit { get; init; }

    /// <summary>The PID in the pid file that its configuration names; null where that file holds none.</summary>
    public int? PidInFile { get; init; }

    /// <summary>What it reads.</summary>
    public NginxConfiguration Configuration { get; init; } = NginxConfiguration.Unknown;

    /// <summary>The certificates that its configuration names.</summary>
    public ImmutableArray<CertificateFile> Certificates { get; init; } = [];
}

/// <param name="Path">As nginx opens it.</param>
/// <param name="Text">The first certificate in it, in PEM; empty where it could not be read.</param>
public sealed record CertificateFile(string Path, string Text);

/// <summary>Whether nginx is there.</summary>
public enum NginxPresence
{
    /// <summary>There is no program at <c>NGINX</c>.</summary>
    NoProgram,

    Stopped,

    /// <summary>Several run, or another one, and the script cannot tell which is meant.</summary>
    Uncertain,

    Runs,
}
