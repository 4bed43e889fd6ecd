using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>What a push needs of a machine besides nginx. Pure.</summary>
internal sealed class MachineChecks(SyncConfig config)
{
    private const long Mebibyte = 1024 * 1024;

    // A journal and a lock need little; files need their own size twice, and so does the last generation.
    private const long LeastForState = Mebibyte, FewForFiles = 128 * Mebibyte, LeastForFiles = 8 * Mebibyte, FewInodes = 1000;

    private const string StateInMemory = "/run/";

    // Two clocks that are set over the network differ by less.
    private static readonly TimeSpan MostClockDifference = TimeSpan.FromSeconds(2);

    // Nine of ten that the kernel would open.
    private const decimal MostOpenFiles = 0.9m;

    // A push works without these. mount comes with unshare, and the check of the view says what is missing.
    private static readonly string[] Optional = ["timeout", "flock", "gzip", "lsattr", "unshare", "mount"];

    private static readonly string[] SaidElsewhere = ["unshare", "mount"];

    public IEnumerable<Finding> OfPrimary(Checkup checkup) =>
        [.. Tools(checkup, isPrimary: true), .. Disks(checkup.Disks), .. Limits(checkup), .. Beside(checkup)];

    /// <param name="status">Null where the node did not tell it.</param>
    public IEnumerable<Finding> OfNode(Checkup checkup, PeerStatus? status) =>
        [.. Tools(checkup, isPrimary: false), .. Disks(checkup.Disks), View(checkup), Lock(checkup), .. Clock(status), .. Limits(checkup), .. Beside(checkup)];

    private IEnumerable<Finding> Tools(Checkup checkup, bool isPrimary)
    {
        ImmutableArray<string> missing = [.. checkup.Lacking.Except(Optional).Order(StringComparer.Ordinal)];
        if (!missing.IsEmpty) yield return new Finding.ToolsMissing(missing);
        // The primary unpacks nothing, and runs no health check.
        foreach (var program in Optional.Except(SaidElsewhere).Where(program => checkup.Lacking.Contains(program) && !isPrimary))
        {
            yield return new Finding.ToolWanted(program, program == "timeout" && config.HealthCheck is not null);
        }
        if (missing.IsEmpty) yield return new Finding.Passed(DoctorCheck.Tools);
    }

    private static List<Finding> Disks(ImmutableArray<DiskRoom> disks)
    {
        // Many paths are on one file system, which is said once.
        var found = disks.Select(Disk).OfType<Finding>().DistinctBy(finding => (finding.GetType(), finding switch
        {
            Finding.DiskLow low => low.Room.Mount,
            Finding.InodesLow low => low.Room.Mount,
            Finding.DiskReadOnly locked => locked.Room.Directory,
            _ => null,
        })).ToList();
        if (found.Count > 0) return found;
        return disks.Where(room => room.FreeBytes is not null && !IsState(room)).MinBy(room => room.FreeBytes) is { } least
            ? [new Finding.DisksRoomy(least)]
            : [];
    }

    private static Finding? Disk(DiskRoom room) => room switch
    {
        { IsWritable: false } => new Finding.DiskReadOnly(room),
        { FreeBytes: < LeastForState } => new Finding.DiskLow(room, IsFull: true),
        { FreeBytes: < LeastForFiles } when !IsState(room) => new Finding.DiskLow(room, IsFull: true),
        { FreeBytes: < FewForFiles } when !IsState(room) => new Finding.DiskLow(room, IsFull: false),
        { FreeInodes: < FewInodes } => new Finding.InodesLow(room),
        _ => null,
    };

    private static bool IsState(DiskRoom room) => room.Path.StartsWith(StateInMemory, StringComparison.Ordinal);

    private Finding View(Checkup checkup) =>
        checkup.NoView is { } words ? new Finding.NoView(words, config.RequireStagedTest) : new Finding.Passed(DoctorCheck.View);

    private static Finding Lock(Checkup checkup) => checkup switch
    {
        { Unseen: { } words } => new Finding.PushUnseen(words),
        { IsLocked: true } => new Finding.PushAtWork(),
        { Unfinished: { } words } => new Finding.PushUnfinished(words),
        _ => new Finding.Passed(DoctorCheck.Lock),
    };

    private static IEnumerable<Finding> Clock(PeerStatus? status)
    {
        if (status is null) yield break;
        yield return status.ClockDifference.Duration() > MostClockDifference + status.ClockPrecision
            ? new Finding.ClockDiffers(status.ClockDifference)
            : new Finding.Passed(DoctorCheck.Clock);
    }

    private static IEnumerable<Finding> Limits(Checkup checkup)
    {
        if (checkup.Nginx.Presence != NginxPresence.Runs) yield break;
        List<Finding> found = [];
        if (checkup.Nginx is { OpenFileLimit: { } limit, Configuration: { RaisesFileLimit: false, Connections: { } connections } } && connections > limit)
        {
            found.Add(new Finding.FileLimitLow(connections, limit));
        }
        if (checkup.OpenFiles is { } files && files.Used > files.Most * MostOpenFiles) found.Add(new Finding.KernelFilesLow(files));
        if (found.Count == 0) found.Add(new Finding.Passed(DoctorCheck.Limits));
        foreach (var finding in found) yield return finding;
    }

    private static IEnumerable<Finding> Beside(Checkup checkup) => checkup.Others.Select(Finding (program) => program switch
    {
        { Runs: false } => new Finding.ProgramStopped(program.Name),
        { TestStatus: not 0 } => new Finding.ProgramTestFails(program.Name, program.TestStatus, program.TestWords),
        _ => new Finding.ProgramFine(program.Name),
    });
}
