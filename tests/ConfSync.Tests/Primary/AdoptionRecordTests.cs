using ConfSync.Primary;

namespace ConfSync.Tests.Primary;

/// <summary>What a machine remembers of what it took over from nodes.</summary>
public sealed class AdoptionRecordTests
{
    private const string Id = "0123456789abcdef", Other = "fedcba9876543210", Run = "00000000000000aa";

    [Test]
    public void A_line_is_read_as_it_was_written()
    {
        var record = new AdoptionRecord(Id, [Run, Other]);

        var read = AdoptionRecord.Parse(record.Format())!;

        Assert.That((read.Id, string.Join(' ', read.Runs)), Is.EqualTo((Id, $"{Run} {Other}")));
        Assert.That(RecordedRun.Parse(record.Format()), Is.Null, "an older version leaves the line out");
    }

    [TestCase("")]
    [TestCase("adopted")]
    [TestCase("adopted 0123456789abcde")]
    [TestCase("adopted 0123456789abcdef ")]
    [TestCase("adopted 0123456789abcdef 0123456789ABCDEF")]
    [TestCase("adopts 0123456789abcdef")]
    public void Anything_else_is_none(string line) => Assert.That(AdoptionRecord.Parse(line), Is.Null);

    [Test]
    public void What_was_undone_counts_no_more_unless_it_was_taken_over_again()
    {
        AdoptionRecord[] records = [new(Id, [Id]), new(Id, [Other]), new(Other, [Run]), new(Id, [])];

        Assert.That(AdoptionRecord.RunsOf(records[..3]), Is.EquivalentTo([Id, Other, Run]));
        Assert.That(AdoptionRecord.RunsOf(records), Is.EqualTo([Run]));
        Assert.That(AdoptionRecord.RunsOf([.. records, new(Other, [])]), Is.Empty);
        Assert.That(AdoptionRecord.UndoneOf(records), Is.EqualTo([Id]));
        Assert.That(AdoptionRecord.UndoneOf([.. records, new(Id, [Run])]), Is.Empty);
    }
}
