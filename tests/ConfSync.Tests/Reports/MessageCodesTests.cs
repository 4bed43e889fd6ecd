using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Transport;

namespace ConfSync.Tests.Reports;

/// <summary>Each failure has a code, and each code its section in docs/troubleshooting.md.</summary>
public sealed partial class MessageCodesTests
{
    // These are refusals of this program, which have codes of their own; or the primary's own shell says them, and the step of the primary
    // has the code.
    private static readonly PeerFailure[] WithoutOne =
    [
        .. EveryRecord.Of<Refusal>().Select(refusal => refusal.Kind).Except([PeerFailure.Changed, PeerFailure.History]),
        PeerFailure.Connect, PeerFailure.None, PeerFailure.Save, PeerFailure.Decide, PeerFailure.Decision, PeerFailure.Settled, PeerFailure.Record,
    ];

    private static readonly string Document = File.ReadAllText(Repository.File("docs/troubleshooting.md"));

    [Test]
    public void Each_reason_of_a_failure_has_one()
    {
        Assert.That(LoginMessages.Of.Keys, Is.EquivalentTo(Enum.GetValues<TransportFailure>()));
        Assert.That(NodeMessages.Of.Keys, Is.EquivalentTo(Enum.GetValues<PeerFailure>().Except(WithoutOne)));
        Assert.That(RefusalMessages.Of.Keys, Is.EquivalentTo(EveryRecord.Of<Refusal>().Select(refusal => refusal.GetType())));
        Assert.That(PrimaryMessages.OfConfiguration.Keys, Is.EquivalentTo(Enum.GetValues<ConfigurationArea>()));
        Assert.That(PrimaryMessages.OfSteps.Keys, Is.EquivalentTo(Enum.GetValues<PrimaryStep>().Except([PrimaryStep.TellApart, PrimaryStep.RollBack])), "these two only refuse");
        Assert.That(PrimaryMessages.Of.Keys, Is.EquivalentTo(
            EveryRecord.Of<FileProblem>().Cast<object>().Concat(EveryRecord.Of<LockProblem>())
                .Concat(EveryRecord.Of<PrimaryFault>().Where(fault => fault is not (PrimaryFault.Said or PrimaryFault.Refused or PrimaryFault.CannotBePushed)))
                .Concat(EveryRecord.Of<RunError>().Where(error => error is RunError.OtherUnfinished or RunError.EarlierUnfinished))
                .Select(record => record.GetType())));
    }

    [Test]
    public void No_number_is_given_twice_and_each_belongs_to_a_part()
    {
        Assert.That(MessageCodes.All.Select(code => code.Number), Is.Unique.And.Ordered.And.All.InRange(1000, 9999));
        Assert.That(MessageCodes.All, Has.Length.GreaterThan(90));
    }

    [Test]
    public void Each_has_its_section_with_cause_and_remedy_and_no_section_is_without_a_code()
    {
        Assert.That(Section().Matches(Document).Select(match => match.Groups["code"].Value), Is.EquivalentTo(MessageCodes.All.Select(code => $"{code}")));
        foreach (var code in MessageCodes.All)
        {
            Assert.That(Document, Does.Contain($"\n### {code}\n\n**{code.Title}.** {code.Cause}\n\n{code.Remedy}\n"));
            Assert.That((string[])[code.Cause, code.Remedy], Has.All.EndsWith(".").And.All.Length.GreaterThan(8), $"{code}");
            Assert.That(code.Title, Does.Not.EndWith("."), $"{code}");
        }
    }

    [Test]
    public void Every_error_of_a_run_that_is_no_mistake_in_the_call_has_one()
    {
        var without = Documents.Errors.Where(error => MessageCodes.Of(error) is null).Select(error => error.GetType()).Distinct();

        Assert.That(without, Is.EquivalentTo((Type[])[typeof(RunError.Configuration), typeof(RunError.Call), typeof(RunError.Interrupted), typeof(RunError.NotWritten)]));
    }

    [Test]
    public void A_login_that_failed_has_the_code_of_its_reason()
    {
        var failure = new NodeFailure(PushStep.Connect, PeerFailure.Connect, "words", PeerState.Untouched, "");

        Assert.That(MessageCodes.Of(failure with { Transport = TransportFailure.Refused }).ToString(), Is.EqualTo("NS-2015"));
        Assert.That(MessageCodes.Of(failure).ToString(), Is.EqualTo("NS-2001"));
        Assert.That(MessageCodes.Of(failure with { Kind = PeerFailure.Edited, Refusal = new Refusal.EditedSince(["/etc/nginx/a"]) }).ToString(), Is.EqualTo("NS-5012"));
    }

    [Test]
    public void A_problem_of_the_configuration_file_has_one_and_a_warning_has_none()
    {
        var problem = new ConfigurationProblem("/etc/x.conf", 7, "words");

        Assert.That(MessageCodes.Line(problem), Is.EqualTo("/etc/x.conf:7: words (NS-1003)"));
        Assert.That(MessageCodes.Line(problem with { Area = ConfigurationArea.Syntax }), Is.EqualTo("/etc/x.conf:7: words (NS-1002)"));
        Assert.That(MessageCodes.Line(problem with { IsWarning = true }), Is.EqualTo("/etc/x.conf:7: words"));
    }

    [TestCase("NS-2015", "NS-2015")]
    [TestCase("ns-2015", "NS-2015")]
    [TestCase("2015", "NS-2015")]
    [TestCase("NS-0000", null)]
    public void A_reader_finds_one(string words, string? code) => Assert.That(MessageCodes.Find(words)?.ToString(), Is.EqualTo(code));

    [GeneratedRegex("^### (?<code>.*)$", RegexOptions.Multiline)]
    private static partial Regex Section();
}
