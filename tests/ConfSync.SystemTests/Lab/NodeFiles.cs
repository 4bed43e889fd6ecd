using System.Text;
using ConfSync.Bytes;

namespace ConfSync.SystemTests;

/// <summary>
/// The files of a node as the host sees them under /proc/PID/root. A path is the node's: links are resolved by hand,
/// within the node, since for the kernel an absolute link in there would lead to the host's files. Paths are valid
/// UTF-8; for other names, run a command in the node.
/// </summary>
public sealed class NodeFiles
{
    private readonly Func<string> root;
    private readonly string layer;

    /// <param name="root">Where the host finds the node's file system.</param>
    /// <param name="layer">The host's directory with what of the disk is the node's own.</param>
    internal NodeFiles(Func<string> root, string layer) => (this.root, this.layer) = (root, layer);

    /// <summary>Writes a file, with its missing parents; a new one gets mode 0644. Links are followed.</summary>
    public void Write(string path, byte[] bytes)
    {
        var place = Resolve(path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        var isNew = !File.Exists(place);
        File.WriteAllBytes(place, bytes);
        if (isNew) File.SetUnixFileMode(place, (UnixFileMode)0b110_100_100);
    }

    /// <inheritdoc cref="Write(string, byte[])"/>
    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    public byte[] ReadBytes(string path) => File.ReadAllBytes(Resolve(path));

    /// <summary>Whether there is anything at this path, be it a dangling link.</summary>
    public bool Exists(string path)
    {
        var place = Resolve(path, followLast: false);
        return Path.Exists(place) || new FileInfo(place).LinkTarget != null;
    }

    /// <summary>Removes a file, a link or a whole directory; fine if there is none.</summary>
    public void Delete(string path)
    {
        var place = Resolve(path, followLast: false);
        var isDirectory = Directory.Exists(place) && new DirectoryInfo(place).LinkTarget == null;
        if (isDirectory) Directory.Delete(place, recursive: true);
        else if (Exists(path)) File.Delete(place);
    }

    /// <summary>Makes a symbolic link, with its missing parents.</summary>
    public void Link(string path, string target)
    {
        var place = Resolve(path, followLast: false);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, target);
    }

    public void SetMode(string path, UnixFileMode mode) => File.SetUnixFileMode(Resolve(path), mode);

    /// <summary>
    /// Everything at and below a path, a line each: kind, mode, uid:gid, SHA-256 or link target, and path; ordered by
    /// path, with odd bytes escaped. Two equal lists mean two trees that are the same bit for bit, times aside. Empty
    /// if there is nothing.
    /// </summary>
    public async Task<IReadOnlyList<string>> TreeAsync(string path)
    {
        if (!Exists(path)) return [];
        var place = Resolve(path, followLast: false);
        var hashes = (await FieldsAsync("find \"$1\" -type f -print0 | LC_ALL=C xargs -0 -r sha256sum -z --", place))
            .ToDictionary(line => line[66..], line => line[..64]);
        var fields = await FieldsAsync(@"find ""$1"" -printf '%y\0%#m\0%U:%G\0%l\0%p\0'", place);
        return fields.Chunk(5)
            .Select(entry => (Path: entry[4], Line: $"{entry[0]} {entry[1]} {entry[2]} "
                + $"{(entry[0] == "f" ? hashes[entry[4]] : PosixText.Printable(entry[3]))} "
                + PosixText.Printable(path + entry[4][place.Length..])))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)
            .Select(entry => entry.Line)
            .ToList();
    }

    /// <summary>
    /// Everything that the node has ever written, on its disk and in its memory (/run, /tmp, /dev), a line each: path, inode,
    /// kind, mode, uid:gid, size, modification and change time. What is made and removed in between shows as well: its
    /// directory has other times, see inode(7).
    /// </summary>
    public async Task<IReadOnlyList<string>> WrittenAsync()
    {
        const string look = @"-printf '/%P %i %y %#m %U:%G %s %T@ %C@\0'";
        var disk = await FieldsAsync($@"find ""$1"" {look}", layer);
        var memory = await FieldsAsync(
            $@"cd ""$1"" && for d in run tmp dev; do find $d/ -path dev/pts -prune -o -printf ""/$d"" {look}; done", Place([]));
        return [.. disk.Concat(memory).Select(PosixText.Printable).Order(StringComparer.Ordinal)];
    }

    /// <summary>What a shell command of the host prints, split at its NULs.</summary>
    private static async Task<string[]> FieldsAsync(string command, string argument)
    {
        await using var shell = Running.Start("/bin/sh", ["-c", command, "sh", argument]);
        var outcome = await shell.WaitAsync();
        if (outcome.Err.Length > 0) throw new IOException($"{command}: {outcome.Err}");
        return PosixText.Decode(shell.OutBytes).Split('\0')[..^1];
    }

    private string Resolve(string path, bool followLast = true)
    {
        var todo = new Stack<string>(path.Split('/').Reverse());
        var done = new List<string>();
        var links = 0;
        while (todo.TryPop(out var name))
        {
            if (name is "" or ".") continue;
            if (name == "..")
            {
                if (done.Count > 0) done.RemoveAt(done.Count - 1);
                continue;
            }
            done.Add(name);
            if (todo.Count == 0 && !followLast) break;
            if (new FileInfo(Place(done)).LinkTarget is not { } target) continue;
            if (++links > 40) throw new IOException($"{path}: too many links");
            if (target.StartsWith('/')) done.Clear();
            else done.RemoveAt(done.Count - 1);
            foreach (var part in target.Split('/').Reverse()) todo.Push(part);
        }
        return Place(done);
    }

    private string Place(List<string> names) => $"{root()}/{string.Join('/', names)}";
}
