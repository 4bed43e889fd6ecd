using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Tests.Configuration;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs.Doctor;

/// <summary>What is made of what machines tell a doctor.</summary>
public sealed class DoctorChecksTests
{
    private const string Paths = "NODES=web1 CONFPATHS='/etc/nginx/nginx.conf /etc/nginx/conf.d'";

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20000);

    private static readonly NginxConfiguration Reads = NginxConfiguration.Unknown with { Files = ["/etc/nginx/nginx.conf", "/etc/nginx/mime.types"], Status = 0 };

    private static readonly NginxCheckup Serves = new(NginxPresence.Runs, "", "nginx version: nginx/1.26.0\nconfigure arguments: --prefix=/etc/nginx --with-http_ssl_module --with-threads")
    {
        Master = 7,
        Program = "/usr/sbin/nginx",
        PidInFile = 7,
        Configuration = Reads,
    };

    private static readonly DiskRoom Root = new("/etc/nginx/conf.d", "/etc/nginx/conf.d", true, 1L << 32, 100_000, "/");

    private static readonly Checkup Fine = new([0], [], [Root], null, false, null, null, Serves, new OpenFiles(1000, 100_000), []);

    [Test]
    public void A_node_on_which_all_is_well_is_well()
    {
        var found = OfNode(Fine);
        Assert.That(found.Where(finding => finding.Severity != Severity.Ok), Is.Empty);
        Assert.That(found.Select(finding => finding.Check), Is.SupersetOf((DoctorCheck[])
            [DoctorCheck.Name, DoctorCheck.Login, DoctorCheck.Sudo, DoctorCheck.Tools, DoctorCheck.Disks, DoctorCheck.View, DoctorCheck.Lock, DoctorCheck.Nginx,
             DoctorCheck.Version, DoctorCheck.Modules, DoctorCheck.Files, DoctorCheck.Includes, DoctorCheck.Limits]).And.Ordered);
    }

    [TestCase(TransportFailure.NameUnknown, DoctorCheck.Name)]
    [TestCase(TransportFailure.TimedOut, DoctorCheck.Route)]
    [TestCase(TransportFailure.Refused, DoctorCheck.Port)]
    [TestCase(TransportFailure.HostKeyChanged, DoctorCheck.HostKey)]
    [TestCase(TransportFailure.Denied, DoctorCheck.Login)]
    [TestCase(TransportFailure.SudoPassword, DoctorCheck.Sudo)]
    public void A_login_that_fails_has_passed_the_checks_before(TransportFailure failure, DoctorCheck check)
    {
        var refused = new PeerException(PeerFailure.Connect, "words", PeerState.Untouched, advice: "try") { Transport = failure };
        var found = Checks().OfNode(new Examination(null, null, null, TimeSpan.Zero, refused), null);

        Assert.That(found[^1], Is.EqualTo(new Finding.NotReached(check, "words", "try")));
        Assert.That(found.SkipLast(1), Is.All.InstanceOf<Finding.Passed>());
        Assert.That(found.SkipLast(1).Select(finding => finding.Check), Is.All.LessThan(check));
        Assert.That(found, Has.Length.EqualTo(check switch { DoctorCheck.Sudo => 6, _ => (int)check + 1 }));
    }

    [Test]
    public void What_no_push_can_do_without_is_an_error_and_the_rest_a_note()
    {
        Assert.That(OfNode(Fine with { Lacking = ["tar", "dd"] }), Does.Contain(Of(new Finding.ToolsMissing(["dd", "tar"]))).Using(Same));
        Assert.That(OfNode(Fine with { Lacking = ["gzip", "unshare"] }), Does.Contain(new Finding.ToolWanted("gzip", IsNeeded: false)));
        Assert.That(OfNode(Fine with { Lacking = ["timeout"] }, "HEALTHCHECK=true"), Does.Contain(new Finding.ToolWanted("timeout", IsNeeded: true)));
    }

    [Test]
    public void A_disk_is_said_once_however_many_paths_are_on_it()
    {
        var low = Root with { FreeBytes = 64 << 20 };
        Assert.That(
            OfNode(Fine with { Disks = [low, low with { Path = "/var/lib/nginx-sync" }] }).Where(finding => finding.Check == DoctorCheck.Disks),
            Is.EqualTo([new Finding.DiskLow(low, IsFull: false)]));
        Assert.That(OfNode(Fine with { Disks = [Root with { FreeBytes = 1 << 20 }] }), Has.Some.InstanceOf<Finding.DiskLow>().With.Property("IsFull").True);
        Assert.That(OfNode(Fine with { Disks = [Root with { IsWritable = false }] }), Has.Some.InstanceOf<Finding.DiskReadOnly>());
        Assert.That(OfNode(Fine with { Disks = [Root with { FreeInodes = 10 }] }), Has.Some.InstanceOf<Finding.InodesLow>());
        // A small file system in memory has room for a lock.
        var run = new DiskRoom("/run/nginx-sync", "/run", true, 20 << 20, null, "/run");
        Assert.That(OfNode(Fine with { Disks = [Root, run] }), Has.None.Property("Severity").GreaterThan(Severity.Ok));
    }

    [TestCase("", Severity.Note)]
    [TestCase("REQUIRE_STAGED_TEST=yes", Severity.Error)]
    public void Without_a_view_a_push_still_works_unless_it_is_required(string more, Severity severity) => Assert.That(
        OfNode(Fine with { NoView = "no unshare" }, more).Single(finding => finding.Check == DoctorCheck.View).Severity, Is.EqualTo(severity));

    [Test]
    public void What_a_push_left_is_said()
    {
        Assert.That(OfNode(Fine with { Unfinished = "words" }), Does.Contain(new Finding.PushUnfinished("words")));
        Assert.That(OfNode(Fine with { IsLocked = true }), Does.Contain(new Finding.PushAtWork()));
        Assert.That(OfNode(Fine with { Unseen = "words" }), Does.Contain(new Finding.PushUnseen("words")));
    }

    [TestCase(1.9, 0.1, false)]
    [TestCase(-90, 0.1, true)]
    [TestCase(5, 4, false, Description = "the answer took so long that it may be none")]
    public void A_clock_that_differs_by_more_than_can_be_seen_is_said(double ahead, double precision, bool differs)
    {
        var status = new PeerStatus(Now, TimeSpan.FromSeconds(ahead), TimeSpan.FromSeconds(precision), null, "1.26.0", [], null);
        var found = Checks().OfNode(new Examination(Fine, status, null, TimeSpan.Zero, null), null);
        Assert.That(found.OfType<Finding.ClockDiffers>().Any(), Is.EqualTo(differs));
    }

    [Test]
    public void Which_nginx_it_is_and_whether_it_runs_is_said()
    {
        Assert.That(OfNode(With(Serves with { Presence = NginxPresence.NoProgram })), Does.Contain(new Finding.NginxMissing("/usr/sbin/nginx")));
        Assert.That(OfNode(With(Serves with { Presence = NginxPresence.Uncertain, Words = "two" })), Does.Contain(new Finding.NginxUncertain("two")));
        Assert.That(OfNode(With(new NginxCheckup(NginxPresence.Stopped, "", ""))), Does.Contain(new Finding.NginxStopped("", IsExpected: false)));
        Assert.That(OfNode(With(new NginxCheckup(NginxPresence.Stopped, "", "")), "EXPECT_RUNNING=no"), Does.Contain(new Finding.NginxStopped("", IsExpected: true)));
        Assert.That(OfNode(With(Serves with { Configuration = Reads with { Status = 1, Said = "[emerg]" } })), Does.Contain(new Finding.TestFails("[emerg]")));
        Assert.That(
            OfNode(With(Serves with { Configuration = Reads with { PidFile = "/run/nginx.pid" }, PidInFile = null })),
            Does.Contain(new Finding.PidFileWrong("/run/nginx.pid", null, 7)));
    }

    [Test]
    public void Another_version_and_other_modules_than_on_the_primary_are_said()
    {
        var other = Serves with
        {
            Build = "nginx version: nginx/1.24.0\nconfigure arguments: --prefix=/opt/nginx --with-threads --with-http_dav_module --with-cc-opt='-g -O2'",
            Configuration = Reads with { Modules = ["modules/ngx_http_geoip_module.so"] },
        };
        var found = OfNode(With(other));
        Assert.That(found, Does.Contain(new Finding.VersionDiffers("1.26.0", "1.24.0")));
        var modules = found.OfType<Finding.ModulesDiffer>().Single();
        Assert.That(modules.OnlyHere, Is.EqualTo(["--with-http_ssl_module"]));
        Assert.That(modules.OnlyThere, Is.EqualTo(["--with-http_dav_module", "ngx_http_geoip_module.so"]));
    }

    [Test]
    public void Files_and_includes_outside_are_told_apart_by_who_reads_them()
    {
        var here = Serves with { Configuration = Reads with { Files = [.. Reads.Files, "/etc/letsencrypt/options.conf", "/srv/here.conf"], Includes = ["/etc/nginx/conf.d/*.conf", "/srv/*.conf"] } };
        var there = Serves with { Configuration = Reads with { Files = [.. Reads.Files, "/etc/letsencrypt/options.conf", "/srv/there.conf"], Includes = ["/srv/*.conf", "/opt/none/*", "mime.types"] } };
        var checks = Checks("", Fine with { Nginx = here });

        var node = checks.OfNode(Told(Fine with { Nginx = there }), null);
        Assert.That(node, Does.Contain(Of(new Finding.FilesOnlyOneReads(["/srv/there.conf"], IsHere: false))).Using(Same));
        Assert.That(node, Does.Contain(Of(new Finding.FilesOutside(["/etc/letsencrypt/options.conf"]))).Using(Same));
        Assert.That(node, Does.Contain(Of(new Finding.IncludesOutside(["/opt/none/*"]))).Using(Same));
        var primary = checks.OfPrimary(null, [], [Told(Fine with { Nginx = there })]);
        Assert.That(primary, Does.Contain(Of(new Finding.FilesOnlyOneReads(["/srv/here.conf"], IsHere: true))).Using(Same));
        Assert.That(primary.Where(finding => finding.Check == DoctorCheck.Includes), Is.EqualTo([new Finding.Passed(DoctorCheck.Includes)]));
    }

    [Test]
    public void An_nginx_that_reads_none_of_the_paths_is_said() => Assert.That(
        OfNode(With(Serves with { Configuration = Reads with { Files = ["/opt/nginx/nginx.conf"] } })), Does.Contain(new Finding.NothingRead("/opt/nginx/nginx.conf")));

    [Test]
    public void Too_few_files_for_its_connections_are_said_unless_the_configuration_raises_them()
    {
        var many = Serves with { OpenFileLimit = 1024, Configuration = Reads with { Connections = 4096 } };
        Assert.That(OfNode(With(many)), Does.Contain(new Finding.FileLimitLow(4096, 1024)));
        Assert.That(OfNode(With(many with { Configuration = many.Configuration with { RaisesFileLimit = true } })), Has.None.InstanceOf<Finding.FileLimitLow>());
    }

    [Test]
    public void A_program_beside_is_tested_where_it_runs()
    {
        var found = OfNode(Fine with { Others = [new("haproxy", true, 1, "words"), new("keepalived", false, 1, "")] });
        Assert.That(found, Does.Contain(new Finding.ProgramTestFails("haproxy", 1, "words")).And.Contain(new Finding.ProgramStopped("keepalived")));
    }

    [Test]
    public void What_a_push_would_say_is_said_only_where_no_check_has()
    {
        var refused = new PeerException(PeerFailure.Unsafe, "a link", PeerState.Untouched);
        Assert.That(Checks().OfNode(Told(Fine) with { Failure = refused }, null), Does.Contain(new Finding.PushRefused("a link", null)));
        Assert.That(Checks().OfNode(Told(Fine with { Lacking = ["tar"] }) with { Failure = refused }, null), Has.None.InstanceOf<Finding.PushRefused>());
    }

    [Test]
    public void A_key_that_is_not_there_is_named()
    {
        var config = new SyncConfig("/etc/nginx-sync.conf") { SshKey = "/root/.ssh/nope" };

        var found = new DoctorChecks(config, Told(Fine), Now) { KeyIsMissing = true }.OfPrimary(null, [], []);

        Assert.That(found, Does.Contain(new Finding.KeyMissing("/root/.ssh/nope")));
    }

    [Test]
    public void The_primary_says_what_is_wrong_with_the_run_as_a_whole()
    {
        var found = Checks().OfPrimary(null, [new NamedPattern("EXCLUDE", "x")], []);
        Assert.That(found, Does.Contain(new Finding.PatternUnmatched(new NamedPattern("EXCLUDE", "x"))));
        Assert.That(Checks("", With(new NginxCheckup(NginxPresence.Stopped, "", ""))).OfPrimary(null, [], []).Max(finding => finding.Severity), Is.EqualTo(Severity.Note));
        Assert.That(Checks().OfNode(Told(Fine), new Refusal.PrimaryItself(SampleNodes.Of("web1"))), Has.Some.InstanceOf<Finding.NotDistinct>());
    }

    // Records that hold arrays are equal where their text is.
    private static readonly Comparison<Finding> Same = (one, other) =>
        string.CompareOrdinal(ConfSync.Reports.FindingText.Of(one) + one.GetType(), ConfSync.Reports.FindingText.Of(other) + other.GetType());

    private static Finding Of(Finding finding) => finding;

    private static Checkup With(NginxCheckup nginx) => Fine with { Nginx = nginx };

    private static Examination Told(Checkup checkup) => new(checkup, null, null, TimeSpan.Zero, null);

    private static ImmutableArray<Finding> OfNode(Checkup checkup, string more = "") => Checks(more).OfNode(Told(checkup), null);

    private static DoctorChecks Checks(string more = "", Checkup? primary = null) =>
        new(Reading.Config($"{Paths} {more}"), new Examination(primary ?? Fine, null, null, TimeSpan.Zero, null), Now);
}
