using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Reports;
using ConfSync.Trees;

namespace ConfSync.Tests.Reports;

/// <summary>What people read where this program itself does not go on with a node.</summary>
public sealed class RefusalTextTests
{
    private static readonly IReadOnlyList<Refusal> Refusals = EveryRecord.Of<Refusal>();

    [Test]
    public void Every_refusal_has_a_sentence_of_its_own_or_the_words_of_others() =>
        Assert.That(Refusals.Select(RefusalText.Of).Where(text => text != "words"), Is.Unique.And.All.Not.Empty);

    [TestCaseSource(nameof(Refusals))]
    public void No_refusal_is_shown_as_the_value_that_it_is(Refusal refusal) =>
        Assert.That(RefusalText.Of(refusal), Does.Not.Contain(refusal.GetType().Name));

    [Test]
    public void Every_conflict_names_its_path()
    {
        var texts = Enum.GetValues<ConflictKind>().Select(kind => RefusalText.Of(new Conflict("/c/fifo", kind, SampleTrees.Socket("/c/fifo"))));

        Assert.That(texts, Is.Unique.And.All.Contain("/c/fifo"));
    }

    [Test]
    public void A_conflict_names_what_stands_in_the_way() => Assert.That(
        RefusalText.Of(new Conflict("/c/d", ConflictKind.Excluded, SampleTrees.File("/c/d/local.conf"))),
        Is.EqualTo("cannot change /c/d: EXCLUDE protects /c/d/local.conf on the peer"));

    [Test]
    public void A_file_that_cannot_be_read_here_is_told_from_a_socket() => Assert.That(
        RefusalText.Of(new Conflict("/c/key", ConflictKind.NotPushable, SampleTrees.File("/c/key"))),
        Is.EqualTo("cannot push /c/key: it could not be read on the primary"));

    [Test]
    public void Directories_of_other_users_are_named_with_owner_and_writers()
    {
        var account = new Account("www-data", 33);
        var (shared, owned) = (SampleTrees.Directory("/d") with { Mode = 0x1FD }, SampleTrees.Directory("/c") with { Mode = 0x1ED });

        var text = RefusalText.Of(new Refusal.ForeignDirectories(
            [owned with { Owner = account, Group = account }, shared with { Owner = account, Group = account }]));

        Assert.That(text, Does.Contain(
            "these directories on this node:\n/c (owner www-data, mode 755)\n/d (owner www-data, group www-data may write there, mode 775)\n"));
        Assert.That(text, Does.Contain("ALLOW_FOREIGN_DIRECTORIES=yes"));
    }

    [Test]
    public void So_many_paths_are_named_and_then_counted()
    {
        var paths = Enumerable.Range(1, 23).Select(number => $"/etc/nginx/{number}").ToImmutableArray();

        var lines = RefusalText.Of(new Refusal.EditedSince(paths)).Split('\n');

        Assert.That(lines, Has.Length.EqualTo(22).And.One.EqualTo("/etc/nginx/20").And.None.EqualTo("/etc/nginx/21"));
        Assert.That(lines[^1], Is.EqualTo("and 3 more"));
    }

    [Test]
    public void Names_and_words_of_others_are_made_safe_once() => Assert.That(
        RefusalText.Of(new Refusal.EditedSince([@"/etc/nginx/a\b" + "\e[2J"])), Does.EndWith(@"/etc/nginx/a\\b\x1b[2J"));
}
