using ConfSync.Changes;

namespace ConfSync.Tests.Changes;

public sealed class RunRecordTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);

    [Test]
    public void Two_runs_of_one_second_are_two()
    {
        var (first, second) = (RunRecord.New(Now, "1.2.3", null), RunRecord.New(Now, "1.2.3", null));

        Assert.That(first.Id, Has.Length.EqualTo(16).And.Not.EqualTo(second.Id));
        Assert.That(first.ShortId, Is.EqualTo(first.Id[..7]).And.Not.EqualTo(second.ShortId));
        Assert.That(first.Began, Is.EqualTo(Now));
    }

    [TestCase(null, null)]
    [TestCase("for ticket 17: ünïcode", "0123abc dirty")]
    [TestCase("", "")]
    public void A_record_is_read_as_it_was_written(string? message, string? revision)
    {
        var record = RunRecord.New(Now, "1.2.3", message) with { Revision = revision };

        Assert.That(RunRecord.Parse(record.Format()), Is.EqualTo(record with
        {
            Message = message is "" ? null : message,
            Revision = revision is "" ? null : revision,
        }));
    }

    [Test]
    public void A_message_of_several_lines_is_kept_as_one() => Assert.That(
        RunRecord.Parse(RunRecord.New(Now, "1", "one\ntwo\r\nthree").Format())?.Message, Is.EqualTo("one two three"));

    [Test]
    public void What_a_later_version_adds_is_left_out() => Assert.That(
        RunRecord.Parse(RunRecord.New(Now, "1", "m").Format() + "\nmore")?.Message, Is.EqualTo("m"));

    [TestCase("")]
    [TestCase("0123456789abcdef\n1\n")]
    [TestCase("0123456789abcde\n1\n\n")]
    [TestCase("0123456789ABCDEF\n1\n\n")]
    [TestCase("../../etc/passwd\n1\n\n")]
    public void What_is_no_record_is_refused(string text) => Assert.That(RunRecord.Parse(text), Is.Null);

    [Test]
    public void A_field_without_end_is_refused() => Assert.That(
        RunRecord.Parse($"0123456789abcdef\n1\n{new string('x', 4001)}\n"), Is.Null);
}
