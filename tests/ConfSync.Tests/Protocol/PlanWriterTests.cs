using ConfSync.Changes;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Tests.Protocol;

/// <summary>Which directories the test on a peer has to see as they will be.</summary>
public sealed class PlanWriterTests
{
    [TestCase("/etc/nginx", "/etc/nginx")]
    [TestCase("/etc/nginx /etc/nginx/conf.d", "/etc/nginx")]
    [TestCase("/etc/nginx/conf.d /etc/nginx", "/etc/nginx")]
    [TestCase("/etc/nginx /etc/nginx-extra /etc/nginx.d/x", "/etc/nginx /etc/nginx-extra /etc/nginx.d/x")]
    [TestCase("/a/b/c /a/b.c /a/b", "/a/b /a/b.c")]
    [TestCase("/ /etc/nginx", "/")]
    [TestCase("", "")]
    public void No_root_of_the_view_is_inside_another(string directories, string roots)
    {
        var snapshot = new Snapshot(directories.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(path => SampleTrees.Directory(path)));
        var plan = StagingPlan.From(
            ChangeSet.Between(new Snapshot(snapshot.Entries.Select(entry => entry with { Mode = 0 })), snapshot, Snapshot.Empty),
            snapshot, [], []);
        Assert.That(
            PlanWriter.ViewRoots(plan).Order(StringComparer.Ordinal),
            Is.EqualTo(roots.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }
}
