using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Protocol;
using ConfSync.Trees;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace ConfSync.Tests.Trees;

/// <summary>Random trees, copied by the real rsync with random patterns: what arrives is what is kept.</summary>
public sealed class ExcludeRulesAgainstRsyncTests
{
    private static readonly string[] Names =
    [
        "a", "b", "ab", "a.b", "x.bak", ".bak", "back\\b", "a b", "é", "\uDCFF\uDC80", "..b", "b.", "-a", "*",
        "c", "1", "a1", "Ab", "-", "?", "[a]", "]", "a\\", "\\*", "^", "!",
    ];

    private static readonly string[] PatternNames =
    [
        "a", "b", "*", "*b", "a*", "*.bak", "*.*", "*a*b*", "**", "é", "\uDCFF*", "a b", "..b", "*.", "-a",
        "?", "??", "a?", "?b*", "***", "a**", "**b", "a**b", "?***", "[a-c]", "[!a]", "[^a]", "[ab]*", "a[.b]b", "[c-a]", "[-a]*", "[a-]*",
        "[a-c-]*", "[]a]", "[]-a]", "[!]a]", "[\\]]", "[\\a-c]", "[a-\\c]", "[*?]", "[**]", "[[:digit:]]", "[[:alpha:]]*", "*[![:alnum:].]*", "[[:upper:]b]*",
        "[^[:punct:]]", "[[:xdigit:]-c]", "[[:a]*", "[[:]", "[\uDC80-\uDCFF]*", "\\*", "\\?", "\\a*", "*\\b", "back\\b", "*\\\\*", "\\[a]*", "a\\", "\\**",
        // These match nothing: they are refused.
        "*\\", "[a", "[", "*[", "[a\\]", "[!]", "[]", "[[:digit:]", "[[:nonsense:]]", "[[::]]*", ".", "..",
    ];

    private const int Trees = 60;

    private string root = "";

    [SetUp]
    public void CreateDirectory() => root = Directory.CreateTempSubdirectory("exclude-test-").FullName;

    [TearDown]
    public Task DeleteDirectory() => Programs.RunAsync("rm", ["-rf", root], []);

    [Property(MaxTest = Trees)]
    public async Task Rsync_leaves_out_the_same_of_a_directory(Put[] puts, byte[][] shapes)
    {
        var tree = new Snapshot(SampleTrees.From("/c/conf", puts, Names).Values);
        var patterns = PatternsFrom(shapes);

        var copied = await CopyAsync(tree, "/c/conf", "src/", patterns);

        var (kept, _) = RulesOf(patterns).Divide(tree, ["/c/conf"]);
        Assert.That(
            copied.Select(name => $"/c/conf/{name}").Append("/c/conf"),
            Is.EquivalentTo(kept.Entries.Select(entry => entry.Path)),
            string.Join(" | ", patterns.Select(PosixText.Printable)));
    }

    [Property(MaxTest = Trees / 2)]
    public async Task Rsync_leaves_out_the_same_files_of_CONFPATHS(byte name, byte[][] shapes)
    {
        var file = SampleTrees.File("/c/" + Names[name % Names.Length]);
        var patterns = PatternsFrom(shapes);

        var copied = await CopyAsync(SampleTrees.Of(SampleTrees.Directory("/c"), file), "/c", "src/.", patterns);

        var (kept, _) = RulesOf(patterns).Divide(SampleTrees.Of(file), [file.Path]);
        Assert.That(copied, Has.Length.EqualTo(kept.Entries.Length), string.Join(" | ", patterns.Select(PosixText.Printable)));
    }

    // A pattern that is refused is one that rsync matches with nothing: it is to make no difference.
    private static ExcludeRules RulesOf(IEnumerable<string> patterns) => new(patterns.Where(IsTaken));

    private static bool IsTaken(string pattern)
    {
        try
        {
            _ = new ExcludeRules([pattern]);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // One to three names, a slash in front, a slash at the end.
    private static List<string> PatternsFrom(byte[][] shapes) => [.. shapes.Where(shape => shape.Length > 1).Take(3).Select(
        shape => (shape[0] % 3 == 0 ? "/" : "") +
            string.Join('/', shape.Skip(1).Take(3).Select(name => PatternNames[name % PatternNames.Length])) +
            (shape[0] / 3 % 3 == 0 ? "/" : ""))];

    private async Task<string[]> CopyAsync(Snapshot tree, string top, string source, IEnumerable<string> patterns)
    {
        // In a file, as C# cannot give a program an argument that is not UTF-8.
        await File.WriteAllBytesAsync(
            $"{root}/patterns", PosixText.Encode(string.Concat(patterns.Select(pattern => pattern + "\0"))));
        const string Script = """
            cd "$1" && rm -rf src dst && mkdir src && tar -xf - -C src &&
            rsync -a --from0 --exclude-from=patterns "$2" dst/ && find dst -mindepth 1 -printf '%P\0'
            """;
        var (status, found, error) = await Programs.RunAsync(
            "sh", ["-c", Script, "sh", root, source], await ArchiveAsync(tree, top));
        Assert.That((status, error), Is.EqualTo((0, "")));
        return found.Split('\0')[..^1];
    }

    private static async Task<byte[]> ArchiveAsync(Snapshot tree, string top)
    {
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        foreach (var entry in tree.Entries.Where(entry => entry.Path != top))
        {
            await writer.WriteAsync(
                new StagedMember(entry.Path[(top.Length + 1)..], entry, IsCopied: false), new byte[entry.Size]);
        }
        await writer.CompleteAsync();
        return archive.ToArray();
    }
}
