using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What people read of a finding: what it is, and what to do about it. The one place that makes these sentences. Pure but for
/// the zone of this machine's clock; what came from elsewhere is made safe to show.</summary>
internal static class FindingText
{
    private const int MostNamed = 10;

    /// <summary>What was found; one or more lines.</summary>
    public static string Of(Finding finding) => finding switch
    {
        Finding.Passed passed => Passed(passed.Check),
        Finding.LoggedIn { User: var user, Took: var took } =>
            string.Create(CultureInfo.InvariantCulture, $"work is done as {(user == 0 ? "root" : $"user number {user}")}; the login took {took.TotalSeconds:0.0} s"),
        Finding.NotReached failed => Lines(failed.Words),
        Finding.KeyMissing { Path: var path } => $"SSHKEY: {Shown(path)} is not there, or this user may not see it; a login tries other keys",
        Finding.NotDistinct not => RefusalText.Of(not.Why),
        Finding.ToolsMissing missing => $"no push works without these programs: {string.Join(' ', missing.Programs)}",
        Finding.ToolWanted { Program: var program } => Wanted(program),
        Finding.DisksRoomy { Least: var room } => $"{Mebibytes(room)} or more are free where a push writes, the least at {Shown(room.Mount)}",
        Finding.DiskLow { Room: var room } => $"{Mebibytes(room)} are free at {Shown(room.Mount)}, where {Shown(room.Path)} is",
        Finding.InodesLow { Room: var room } => $"{room.FreeInodes} more files can be made at {Shown(room.Mount)}, where {Shown(room.Path)} is",
        Finding.DiskReadOnly { Room: var room } => $"nothing can be written to {Shown(room.Directory)}, where {Shown(room.Path)} is",
        Finding.NoView no => $"no private view is possible, so that the result is tested in place once it is live: {Lines(no.Words)}",
        Finding.PushAtWork => "a push is at work there now",
        Finding.PushUnfinished unfinished => $"an earlier push was cut off: {Lines(unfinished.Words)}",
        Finding.PushUnseen unseen => $"what an earlier push may have left was not looked at: {Lines(unseen.Words)}",
        Finding.ClockDiffers { Ahead: var ahead } =>
            string.Create(CultureInfo.InvariantCulture, $"its clock is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this primary's"),
        Finding.PrimaryCannotPush { Problem: var problem } => $"{PrimaryText.Of(problem.Step)} failed: {PrimaryText.Of(problem.Fault)}",
        Finding.PushRefused refused => $"a push would be refused: {Lines(refused.Words)}",
        _ => OfNginx(finding),
    };

    private static string OfNginx(Finding finding) => finding switch
    {
        Finding.NginxRuns { Version: var version, Master: var master } runs => string.Create(
            CultureInfo.InvariantCulture, $"{Shown(runs.Program)} {Shown(version ?? "of an unknown version")} runs (PID {master}) with {Shown(runs.File)}, which passes its test"),
        Finding.NginxMissing missing => $"there is no nginx at {Shown(missing.Program)}",
        Finding.NginxStopped stopped => $"nginx does not run{(stopped.Words.Length > 0 ? $": {Lines(stopped.Words)}" : "")}",
        Finding.NginxUncertain uncertain => Lines(uncertain.Words),
        Finding.PidFileWrong { File: var file, Held: var held, Master: var master } => string.Create(
            CultureInfo.InvariantCulture, $"the pid file {Shown(file)} names {(held is { } pid ? $"process {pid}" : "no process")}, and nginx's master is process {master}"),
        Finding.TestFails fails => $"its configuration, as it is on the disk, does not pass nginx -t: {Lines(fails.Words)}",
        Finding.VersionDiffers differs => $"nginx {Shown(differs.There)} runs there, and {Shown(differs.Here)} on this primary",
        Finding.ModulesDiffer differs => Modules(differs),
        Finding.NothingRead nothing => $"nginx runs with {Shown(nothing.File)} and reads no file of CONFPATHS",
        Finding.FilesOutside outside => $"{Number(outside.Paths)} that nginx reads {(outside.Paths.Length == 1 ? "lies" : "lie")} outside CONFPATHS, and a push does not bring them:{Named(outside.Paths)}",
        Finding.FilesOnlyOneReads { IsHere: true } alone =>
            $"{Number(alone.Paths)} outside CONFPATHS {Are(alone.Paths)} read by nginx on this primary, and not on every node:{Named(alone.Paths)}",
        Finding.FilesOnlyOneReads alone => $"{Number(alone.Paths)} outside CONFPATHS {Are(alone.Paths)} read by nginx there, and not on this primary:{Named(alone.Paths)}",
        Finding.Drifted { Paths: var paths } => $"{CompareText.Number(paths, "path")} there {(paths == 1 ? "is" : "are")} not as on this primary",
        Finding.IncludesOutside outside => $"nginx would also read what these patterns find, outside CONFPATHS:{Named(outside.Patterns)}",
        Finding.PatternUnmatched { Pattern: var pattern } =>
            $"{pattern.Variable}: pattern '{Shown(pattern.Text)}' matches nothing, neither on this machine nor on any node",
        Finding.CertificatesFine { Count: var count } fine => $"{CompareText.Number(count, "certificate")}; the first to expire, {Shown(fine.Soonest)}, does so on {Day(fine.Expires)}",
        Finding.CertificateExpires { Left: var left } expires => string.Create(
            CultureInfo.InvariantCulture, $"{Shown(expires.Path)} {(left < TimeSpan.Zero ? "expired on" : "expires on")} {Day(expires.Expires)}{(left < TimeSpan.Zero ? "" : $", in {(int)left.TotalDays} d")}"),
        Finding.CertificateUnreadable unreadable => $"no certificate can be read in {Shown(unreadable.Path)}",
        Finding.FileLimitLow { Connections: var connections, Limit: var limit } =>
            string.Create(CultureInfo.InvariantCulture, $"a worker is to have {connections} connections (worker_connections), and may open {limit} files"),
        Finding.KernelFilesLow { Files: var files } => string.Create(CultureInfo.InvariantCulture, $"{files.Used} of {files.Most} files that the kernel opens are open"),
        Finding.ProgramFine fine => $"{Shown(fine.Name)} runs, and its configuration passes its test",
        Finding.ProgramStopped stopped => $"{Shown(stopped.Name)} is there and does not run",
        Finding.ProgramTestFails fails => string.Create(
            CultureInfo.InvariantCulture, $"{Shown(fails.Name)} runs, and its configuration does not pass its test (exit status {fails.Status}): {Lines(fails.Words)}"),
        _ => throw new UnreachableException(),
    };

    /// <summary>What to do; null where there is nothing, or the finding says it.</summary>
    public static string? Remedy(Finding finding) => finding switch
    {
        Finding.NotReached { Advice: var advice } => advice is null ? null : PosixText.Printable(advice),
        Finding.KeyMissing { Path: var path } => $"correct SSHKEY in the configuration file, or make the key: ssh-keygen -t ed25519 -f {Shown(path)}",
        Finding.ToolsMissing => "install them there (coreutils, findutils, tar and sed, or busybox), in one of /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin",
        Finding.ToolWanted { IsNeeded: true } => "install coreutils there, or take HEALTHCHECK out of the configuration file",
        Finding.DiskLow or Finding.InodesLow => "make room there: a push holds the new files and the old ones side by side, and KEEP generations of what was replaced",
        Finding.DiskReadOnly => "see whether its file system is mounted read-only, and whether the login may write there",
        Finding.NoView { IsRequired: true } => "let the node make mount namespaces and overlays, or take REQUIRE_STAGED_TEST out of the configuration file",
        Finding.PushUnfinished => "the next push undoes it: nginx-sync",
        Finding.ClockDiffers => "set both clocks over the network (chrony, systemd-timesyncd): times of history and certificates count on them",
        Finding.NginxMissing => "install nginx there, or set NGINX to where it is",
        Finding.NginxStopped { IsExpected: false } => "start nginx there; or set EXPECT_RUNNING=no if it is stopped on purpose",
        Finding.PidFileWrong => "restart nginx there, so that nginx -s and its service reach it",
        Finding.TestFails { Words: var words } when words.Contains("key values mismatch", StringComparison.Ordinal) =>
            "put the certificate and the key there that belong together: until then any restart of nginx there is an outage",
        Finding.TestFails => "correct it there, or push a configuration that is right: until then any restart of nginx there is an outage",
        Finding.VersionDiffers => "install the same version on all machines: a directive that one of them does not know is refused there",
        Finding.ModulesDiffer { OnlyHere.IsEmpty: false } => "install the same modules there, or a configuration that uses them is refused there",
        Finding.NothingRead => "set NGINX, PIDFILE or CONFPATHS: a push is refused if no directive names one of CONFPATHS either, because its test would prove nothing",
        Finding.FilesOutside or Finding.IncludesOutside => "add them to CONFPATHS if the nodes are to have the same; each machine keeps its own otherwise",
        Finding.FilesOnlyOneReads => "add them to CONFPATHS, or see that each machine has what it needs of its own",
        Finding.Drifted => "see in what: nginx-sync diff NODE. The next push puts it right",
        Finding.PatternUnmatched => "is it written as it is meant? If what it was for is gone, take it out",
        Finding.CertificateExpires { Left.Ticks: < 0 } => "renew it at once, push it or put it there, and reload nginx",
        Finding.CertificateExpires => "renew it, push it or put it there, and reload nginx",
        Finding.CertificateUnreadable => "see its owner, its mode and what it holds",
        Finding.FileLimitLow => "set worker_rlimit_nofile in nginx.conf, or LimitNOFILE= in nginx's unit",
        Finding.KernelFilesLow => "see which program has them open (lsof), or raise fs.file-max (sysctl)",
        Finding.ProgramTestFails { Name: var name } => $"correct the configuration of {Shown(name)} there before it is restarted",
        Finding.PushRefused { Advice: { } advice } => PosixText.Printable(advice),
        _ => null,
    };

    private static string Passed(DoctorCheck check) => check switch
    {
        DoctorCheck.Name => "the name leads to an address",
        DoctorCheck.Route => "the address can be reached",
        DoctorCheck.Port => "sshd answers at its port",
        DoctorCheck.HostKey => "ssh knows the host key, and it is the right one",
        DoctorCheck.Sudo => "no password is asked for",
        DoctorCheck.Tools => "every program is there without which no push works",
        DoctorCheck.View => "a push is tested in a private view before anything changes",
        DoctorCheck.Lock => "no push is at work there, and none was cut off",
        DoctorCheck.Clock => "its clock agrees with this primary's",
        DoctorCheck.Version => "the same nginx as on this primary",
        DoctorCheck.Modules => "the same modules as on this primary",
        DoctorCheck.Files => "every file that nginx reads is in CONFPATHS",
        DoctorCheck.Includes => "no include leads outside CONFPATHS without a file there",
        DoctorCheck.Limits => "nginx may open as many files as it needs",
        _ => throw new UnreachableException(),
    };

    private static string Wanted(string program) => program switch
    {
        "timeout" => "there is no timeout: a HEALTHCHECK needs it, and nothing limits what reads files there",
        "flock" => "there is no flock: the lock is kept in another way, which is slower",
        "gzip" => "there is no gzip: what is pushed travels uncompressed",
        "lsattr" => "there is no lsattr: an immutable file there (chattr +i) is seen only when it cannot be replaced",
        _ => $"there is no {Shown(program)}",
    };

    private static string Modules(Finding.ModulesDiffer differs)
    {
        List<string> parts = [];
        if (!differs.OnlyHere.IsEmpty) parts.Add($"its nginx has none of these modules, which this primary's has: {string.Join(' ', differs.OnlyHere.Select(Shown))}");
        if (!differs.OnlyThere.IsEmpty) parts.Add($"its nginx has these modules, which this primary's has not: {string.Join(' ', differs.OnlyThere.Select(Shown))}");
        return string.Join('\n', parts);
    }

    private static string Are(ImmutableArray<string> paths) => paths.Length == 1 ? "is" : "are";

    private static string Number(ImmutableArray<string> paths) => paths.Length == 1 ? "1 file" : $"{paths.Length} files";

    private static string Named(ImmutableArray<string> paths)
    {
        var more = paths.Length > MostNamed ? $" and {paths.Length - MostNamed} more" : "";
        return $" {string.Join(' ', paths.Take(MostNamed).Select(Shown))}{more}";
    }

    private static string Mebibytes(DiskRoom room) => string.Create(CultureInfo.InvariantCulture, $"{(room.FreeBytes ?? 0) >> 20} MiB");

    private static string Day(DateTimeOffset time) => LocalTime.FormatShort(time)[..10];

    private static string Shown(string? text) => PosixText.Printable(text ?? "an unknown place");

    private static string Lines(string text) => PosixText.PrintableLines(text);
}
