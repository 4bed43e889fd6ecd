using System.Collections.Immutable;
using System.Text;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Trees;
using FsCheck;
using FsCheck.Fluent;

namespace ConfSync.Tests.Reports;

/// <summary>What -d prints, applied by the real patch(1) and git to the remote tree, makes it the local one.</summary>
public class RoundTripTests
{
    private static readonly string[] Names = ["/t/a", "/t/b b", "/t/\"q\" \\ é", "/t/sub/c\nd", "/t/sub/-rf", "/t/sub/deep/e"];

    private static readonly string[] Pieces =
        ["server {\n", "}\n", "\n", "listen 80;\n", "--- a\n", "+++ b\n", "@@ -1 +1 @@\n", "\\ No newline\n", "x\r\n", "\tx\n", "é\n", "- \n"];

    [Test]
    public void Random_trees_by_patch() => Hold("patch", ["-p0", "--no-backup-if-mismatch"]);

    [Test]
    public void Random_trees_by_git() => Hold("git", ["apply", "--whitespace=nowarn", "-p1", "-"]);

    private static void Hold(string program, string[] arguments)
    {
        var property = Prop.ForAll(
            Tree().ToArbitrary(), Tree().ToArbitrary(), (remote, local) => Check(program, arguments, remote, local));
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), property);
    }

    // Files with text in them: an empty one that is new or gone is something that this format cannot say.
    private static Gen<Dictionary<string, string>> Tree() =>
        from names in Gen.SubListOf(Names)
        from contents in Content().ArrayOf(names.Count)
        select names.Zip(contents).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private static Gen<string> Content() =>
        from pieces in Gen.Elements(Pieces).NonEmptyListOf()
        from ending in Gen.Elements("", "no newline")
        select string.Concat(pieces) + ending;

    private static void Check(
        string program, string[] arguments, Dictionary<string, string> remote, Dictionary<string, string> local)
    {
        var directory = Directory.CreateTempSubdirectory("round-trip.");
        try
        {
            // patch -p0 beside a tree called "remote:", git apply inside of it.
            var tree = Path.Combine(directory.FullName, "remote:");
            foreach (var (path, text) in remote) Write(tree + path, text);
            Directory.CreateDirectory(tree);
            var diff = DiffOf(remote, local);
            var at = program == "git" ? tree : directory.FullName;
            var (status, output, error) = Programs.RunAsync(
                "env", ["-C", at, "LC_ALL=C", program, .. arguments], Encoding.UTF8.GetBytes(diff)).GetAwaiter().GetResult();
            Assert.That(diff.Length == 0 || status == 0, $"{output}{error}\n{diff}");
            // patch removes directories that it empties.
            Directory.CreateDirectory(tree);
            var result = Directory.GetFiles(tree, "*", SearchOption.AllDirectories)
                .ToDictionary(file => file[tree.Length..], File.ReadAllText);
            Assert.That(result, Is.EquivalentTo(local), diff);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // As -d prints it, with the lines between the files.
    private static string DiffOf(Dictionary<string, string> remote, Dictionary<string, string> local)
    {
        var entries = remote.Keys.Union(local.Keys).Order(StringComparer.Ordinal)
            .Where(path => remote.GetValueOrDefault(path) != local.GetValueOrDefault(path))
            .Select(path => new ComparedEntry(
                Of(path, local), Of(path, remote), Contents.Diff(Bytes(path, remote), Bytes(path, local))));
        Assert.That(Node.TryParse("peer", out var node, out _));
        var comparison = new NodeComparison(node!, [.. entries], NginxState.Current, null, null, default);
        return string.Concat(DiffText.Lines(comparison, new DiffStyle(false, false, null)).Select(line => line + "\n"));
    }

    private static Entry? Of(string path, Dictionary<string, string> tree) =>
        tree.TryGetValue(path, out var text) ? SampleTrees.File(path, text) with { Modified = 1711349598 } : null;

    private static byte[] Bytes(string path, Dictionary<string, string> tree) =>
        Encoding.UTF8.GetBytes(tree.GetValueOrDefault(path, ""));

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
