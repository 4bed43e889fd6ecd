using System.Collections.Immutable;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>What a doctor prints, in each of its forms.</summary>
public sealed class DoctorTextTests
{
    [Test]
    public void Every_finding_has_its_words_and_what_is_wrong_has_a_remedy()
    {
        foreach (var finding in EveryRecord.Of<Finding>())
        {
            Assert.That(FindingText.Of(finding), Is.Not.Empty, finding.ToString());
            var saysItself = finding is Finding.NotDistinct or Finding.NginxUncertain or Finding.PushUnseen or Finding.PrimaryCannotPush;
            if (finding.Severity >= Severity.Warning && !saysItself) Assert.That(FindingText.Remedy(finding), Is.Not.Null.And.Not.Empty, finding.ToString());
        }
    }

    [Test]
    public void A_machine_has_its_verdict_and_each_check_a_line()
    {
        var lines = DoctorText.Lines(Diagnosis(), quiet: false).ToList();

        Assert.That(lines[0], Is.EqualTo(" * This primary: all is well\n"));
        Assert.That(lines[1], Is.EqualTo("ok    clock         its clock agrees with this primary's"));
        Assert.That(lines, Does.Contain(" * web1: 1 error, 1 warning\n"));
        Assert.That(lines, Does.Contain("FAIL  tools         no push works without these programs: tar"));
        Assert.That(lines, Does.Contain("                    > set both clocks over the network (chrony, systemd-timesyncd): times of history and certificates count on them"));
        Assert.That(lines[^1], Is.EqualTo("This primary and 2 nodes looked at: 2 errors, 1 warning; 1 node not reached."));
    }

    [Test]
    public void Words_of_others_are_made_safe_and_stay_in_their_column()
    {
        var words = new Finding.NotReached(DoctorCheck.Login, "one\e[2J\ntwo", "try");
        var lines = DoctorText.Lines(Diagnosis(words), quiet: false).ToList();

        Assert.That(lines.SkipWhile(line => !line.StartsWith("FAIL  login", StringComparison.Ordinal)).Take(3), Is.EqualTo(
            ["FAIL  login         one\\x1b[2J", "                    two", "                    > try"]));
    }

    [Test]
    public void Quietly_only_what_is_wrong_is_said()
    {
        var lines = DoctorText.Lines(Diagnosis(), quiet: true).ToList();
        Assert.That(lines, Has.None.StartsWith("ok").And.None.StartsWith("note").And.None.Contain("This primary: "));
        Assert.That(lines[0], Is.EqualTo(" * web1: 1 error, 1 warning\n"));
        var well = Diagnosis();
        Assert.That(DoctorText.Lines(well with { Nodes = [] }, quiet: true), Is.Empty);
    }

    [Test]
    public void The_document_is_as_the_schema_says()
    {
        var text = Document();
        Assert.That(DocumentSchema.ProblemsOf(text, "doctor"), Is.Empty);
        Assert.That(DocumentSchema.IsOne(text));
        Assert.That(DocumentSchema.ProblemsOf(text.Replace("\"severity\": \"error\"", "\"severity\": \"bad\"", StringComparison.Ordinal), "doctor"), Is.Not.Empty);
    }

    internal static string Document() => DoctorJson.Write(
        Documents.Head(DocumentKind.Doctor, RunResult.Incomplete, 2), Diagnosis([.. EveryRecord.Of<Finding>()]));

    private static Diagnosis Diagnosis(params ImmutableArray<Finding> more) => new(
        DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1.5),
        new MachineDiagnosis(null, IsReached: true, [new Finding.Passed(DoctorCheck.Clock), .. more], TimeSpan.Zero),
        [
            new MachineDiagnosis(
                EveryRecord.Node, IsReached: true,
                [new Finding.ToolsMissing(["tar"]), new Finding.ToolWanted("gzip", IsNeeded: false), new Finding.ClockDiffers(TimeSpan.FromSeconds(90))], TimeSpan.Zero),
            new MachineDiagnosis(
                Documents.Address("deploy@[2001:db8::1]:2222"), IsReached: false, [new Finding.NotReached(DoctorCheck.Route, "no route", "see to it")], TimeSpan.Zero),
        ]);
}
