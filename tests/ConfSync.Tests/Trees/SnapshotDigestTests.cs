using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Trees;

/// <summary>One number for a whole state.</summary>
public sealed class SnapshotDigestTests
{
    private static readonly Entry Plain = File("/a/f", "x");

    [Test]
    public void Times_and_numbers_of_named_accounts_make_no_difference()
    {
        Assert.That(Digest(Plain with { Modified = 5, Owner = new("root", 4711) }), Is.EqualTo(Digest(Plain)));
        var link = Link("/a/l", "t");
        Assert.That(Digest(link with { Mode = 0 }), Is.EqualTo(Digest(link)));
    }

    [Test]
    public void Everything_else_does()
    {
        var states = new[]
        {
            SnapshotDigest.Of(Snapshot.Empty), Digest(Plain), Digest(Plain with { Path = "/a/g" }), Digest(Plain with { Mode = 0 }),
            Digest(Plain with { Digest = "other" }), Digest(Plain with { Digest = null }), Digest(Plain with { Owner = new("www", 0) }),
            Digest(Plain with { Owner = new("", 0) }), Digest(Plain with { Group = new("www", 0) }),
            Digest(Link("/a/f", "x")), Digest(Link("/a/f", "y")), Digest(Directory("/a/f")), Digest(Plain, File("/a/g", "x")),
            Digest(File("/a/\uDCFF")), Digest(File("/a/\uDCFE")),
        };
        Assert.That(states, Is.Unique);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Two_trees_have_one_digest_exactly_if_no_push_would_change_anything(Put[] puts, Put[] others)
    {
        var (one, other) = (From("/r", puts).Values.ToArray(), From("/r", others).Values.ToArray());
        var same = ConfSync.Changes.ChangeSet.Between(Of(one), Of(other), Snapshot.Empty).IsEmpty;
        // A number without a name stands for the same account whatever its name is there; the digest keeps them apart.
        if (!one.Concat(other).Any(entry => entry.Owner.Name.Length == 0 || entry.Group.Name.Length == 0))
        {
            Assert.That(Digest(one) == Digest(other), Is.EqualTo(same));
        }
    }

    [Test]
    public void A_digest_carries_its_scope_and_one_of_an_earlier_version_is_of_none()
    {
        string[] paths = ["/etc/a", "/etc/b"];
        var scope = SnapshotDigest.ScopeOf(paths, ["x", "y"]);
        Assert.That(scope, Is.EqualTo(SnapshotDigest.ScopeOf(["/etc/b", "/etc/a"], ["y", "x", "y"])), "the order is of no matter");
        string[] others =
        [
            SnapshotDigest.ScopeOf(["/etc/a"], ["x", "y"]), SnapshotDigest.ScopeOf(paths, ["x"]), SnapshotDigest.ScopeOf(paths, []),
            SnapshotDigest.ScopeOf(["/etc/a", "/etc/b", "x"], ["y"]),
        ];
        Assert.That(others, Is.Unique.And.None.EqualTo(scope));
        var digest = SnapshotDigest.Of(Of(Plain), scope);
        Assert.That(digest, Does.StartWith(Digest(Plain)));
        Assert.That(SnapshotDigest.IsOf(digest, scope) && SnapshotDigest.IsOne(digest) && SnapshotDigest.IsOne(Digest(Plain)));
        Assert.That(SnapshotDigest.IsOf(digest, others[0]) || SnapshotDigest.IsOf(Digest(Plain), scope), Is.False);
        foreach (var none in new[] { "", "x", digest + ":", digest + "0", Digest(Plain) + ":", digest.ToUpperInvariant() })
        {
            Assert.That(SnapshotDigest.IsOne(none), Is.False, none);
        }
    }

    private static string Digest(params Entry[] entries) => SnapshotDigest.Of(Of(entries));
}
