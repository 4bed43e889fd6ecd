using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Tests.Primary;

/// <summary>A node's own files over the primary's.</summary>
public sealed class OverlayTests
{
    private const string Root = "/etc/nginx-sync.d/nodes/web1/files";

    private static readonly string[] ConfPaths = ["/etc/nginx"];

    private static readonly Snapshot Primary = new(
    [
        SampleTrees.Directory("/etc/nginx") with { Mode = 0x1ed },
        SampleTrees.File("/etc/nginx/a"), SampleTrees.Directory("/etc/nginx/d"), SampleTrees.File("/etc/nginx/d/x"), SampleTrees.File("/etc/nginx/d-x"),
    ]);

    [Test]
    public void A_file_takes_the_place_of_the_primary_s_and_directories_that_both_have_keep_their_attributes()
    {
        var own = SampleTrees.File(Root + "/etc/nginx/a") with { Mode = 0x180 };
        var result = Over(
            SampleTrees.Directory(Root), SampleTrees.Directory(Root + "/etc"), SampleTrees.Directory(Root + "/etc/nginx") with { Mode = 0x1c0 },
            own, SampleTrees.Directory(Root + "/etc/nginx/new"), SampleTrees.File(Root + "/etc/nginx/new/b"));

        Assert.That(result["/etc/nginx/a"], Is.EqualTo(own with { Path = "/etc/nginx/a" }));
        Assert.That(result["/etc/nginx"], Is.EqualTo(Primary["/etc/nginx"]));
        Assert.That(result.Entries.Select(entry => entry.Path), Is.EqualTo(
            ["/etc/nginx", "/etc/nginx/a", "/etc/nginx/d", "/etc/nginx/d-x", "/etc/nginx/d/x", "/etc/nginx/new", "/etc/nginx/new/b"]));
    }

    [Test]
    public void A_file_in_the_place_of_a_directory_and_the_other_way_round()
    {
        var result = Over(
            SampleTrees.Directory(Root + "/etc/nginx"), SampleTrees.Directory(Root + "/etc/nginx/a"), SampleTrees.File(Root + "/etc/nginx/a/b"),
            SampleTrees.File(Root + "/etc/nginx/d"));

        Assert.That(result.Entries.Select(entry => (entry.Path, entry.Kind)), Is.EqualTo(new[]
        {
            ("/etc/nginx", EntryKind.Directory), ("/etc/nginx/a", EntryKind.Directory), ("/etc/nginx/a/b", EntryKind.File),
            ("/etc/nginx/d", EntryKind.File), ("/etc/nginx/d-x", EntryKind.File),
        }));
    }

    [Test]
    public void What_is_beside_the_paths_is_named_and_a_template_is_taken_alone()
    {
        var overlay = Overlay.Of(new Snapshot(
        [
            SampleTrees.Directory(Root + "/etc"), SampleTrees.Directory(Root + "/etc/nginx"), SampleTrees.File(Root + "/etc/nginx/a"),
            SampleTrees.File(Root + "/etc/nginx/b"), SampleTrees.Directory(Root + "/etc/nginx/d"), SampleTrees.File(Root + "/etc/other"),
            SampleTrees.File(Root + "-not/etc/nginx/c"),
        ]), Root);

        Assert.That(overlay.Outside(ConfPaths).Select(entry => overlay.SourceOf(entry.Path)), Is.EqualTo([Root + "/etc/other"]));
        Assert.That(overlay.Only(["/etc/nginx/b"]).Entries.Select(entry => entry.Path), Is.EqualTo(["/etc", "/etc/nginx", "/etc/nginx/b"]));
    }

    private static Snapshot Over(params Entry[] scanned) => Overlay.Of(new Snapshot(scanned), Root).Over(Primary, ConfPaths);
}
