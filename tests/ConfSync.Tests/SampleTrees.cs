using ConfSync.Trees;

namespace ConfSync.Tests;

/// <summary>Trees for tests: written down by hand (<see cref="File"/>, …) or random (<see cref="From"/>).</summary>
internal static class SampleTrees
{
    public static readonly Account Root = new("root", 0);

    private static readonly Account[] Accounts = [Root, new("www", 33), new("www", 101), new("", 4711)];

    private static readonly int[] Modes = [0x1A4, 0x180, 0x1ED, 0x9ED]; // 0644, 0600, 0755, 04755

    private static readonly string[] Names =
    [
        "a", "a-b", "b", "c", "a b", "-rf", "new\nline", "'q\"", "\uDCFF\uDC80", "é", "x.bak", "back\\", "..x", ".hidden",
        "dir.d", "$(x)",
    ];

    public static Entry File(string path, string content = "", int mode = 0x1A4, Account? owner = null) =>
        new(path, EntryKind.File, mode, owner ?? Root, Root, content.Length, $"digest of {content}");

    public static Entry Directory(string path, int mode = 0x1ED) => new(path, EntryKind.Directory, mode, Root, Root);

    public static Entry Link(string path, string target) =>
        new(path, EntryKind.Link, 0x1FF, Root, Root, Target: target);

    public static Entry Socket(string path) => new(path, EntryKind.Special, 0x1FF, Root, Root);

    public static Snapshot Of(params Entry[] entries) => new(entries);

    /// <summary>What these puts leave behind, one after the other, under the directory <paramref name="root"/>.</summary>
    public static Dictionary<string, Entry> From(string root, IEnumerable<Put> puts, string[]? names = null)
    {
        names ??= Names;
        var tree = new Dictionary<string, Entry>(StringComparer.Ordinal) { [root] = Directory(root) };
        foreach (var put in puts)
        {
            var path = root;
            foreach (var name in new[] { put.First, put.Second, put.Third }.Take(1 + put.Depth % 3))
            {
                if (tree[path].Kind != EntryKind.Directory) break;
                path += "/" + names[name % names.Length];
                tree.TryAdd(path, Directory(path));
            }
            foreach (var below in tree.Keys.Where(key => key.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
            {
                if (put.Kind % 8 != 0) tree.Remove(below);
            }
            if (path != root || put.Kind % 8 == 0) tree[path] = Entry(path, put);
        }
        return tree;
    }

    private static Entry Entry(string path, Put put) => (put.Kind % 8) switch
    {
        0 => Directory(path) with { Mode = Mode(put), Owner = Owner(put), Group = Group(put) },
        1 => Link(path, $"t{put.Content % 3}") with { Owner = Owner(put), Group = Group(put) },
        _ => File(path, new string('c', put.Content % 3), Mode(put), Owner(put)) with { Group = Group(put) },
    };

    private static int Mode(Put put) => Modes[put.Attributes % 4];

    private static Account Owner(Put put) => Accounts[put.Attributes / 4 % 4];

    private static Account Group(Put put) => Accounts[put.Attributes / 16 % 4];
}

/// <summary>One random thing put into a tree: plain numbers, so that FsCheck knows how to make and shrink it.</summary>
public sealed record Put(byte First, byte Second, byte Third, byte Depth, byte Kind, byte Attributes, byte Content);
