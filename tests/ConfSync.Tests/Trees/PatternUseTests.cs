using System.Collections.Immutable;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Trees;

public sealed class PatternUseTests
{
    private static readonly string[] Paths = ["/c", "/e/file"];

    private static readonly Snapshot Here = Of(Directory("/c"), Directory("/c/cache"), File("/c/cache/x.tmp"), File("/c/a.conf"), File("/e/file"));

    [TestCase("a.conf")]
    [TestCase("a.con?")]
    [TestCase("[ab].conf")]
    [TestCase("cache/")]
    [TestCase("*.tmp", Description = "beneath a directory that another pattern may exclude")]
    [TestCase("/c")]
    [TestCase("/c/cache")]
    [TestCase("/a.conf")]
    [TestCase("file")]
    [TestCase("/e/file")]
    [TestCase("/file")]
    public void A_pattern_that_matches_is_used(string pattern) => Assert.That(UnmatchedOf(pattern), Is.Empty);

    [TestCase("b.conf")]
    [TestCase("a.conf/")]
    [TestCase("c")]
    [TestCase("/x.tmp")]
    [TestCase("e")]
    public void A_pattern_that_does_not_is_named(string pattern) => Assert.That(UnmatchedOf(pattern), Is.EqualTo(new[] { new NamedPattern("EXCLUDE", pattern) }));

    [Test]
    public void A_match_on_one_machine_is_enough_and_all_must_have_been_seen()
    {
        var use = new PatternUse([new NamedPattern("EXCLUDE", "there"), new NamedPattern("EXCLUDE", "nowhere")], Paths);

        use.Saw(-1, Here);
        use.Saw(0, Here);
        use.Saw(0, Here);
        Assert.That(use.Unmatched(3), Is.Empty, "the third may have it");
        use.Saw(1, Of(Directory("/c"), File("/c/there")));

        Assert.That(use.Unmatched(3), Is.EqualTo(new[] { new NamedPattern("EXCLUDE", "nowhere") }));
    }

    private static ImmutableArray<NamedPattern> UnmatchedOf(string pattern)
    {
        var use = new PatternUse([new NamedPattern("EXCLUDE", pattern)], Paths);
        use.Saw(-1, Here);
        return use.Unmatched(1);
    }
}
