using System.Security.Cryptography;
using System.Text;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>The indexes as files of root, one for each node and set of paths. A file that other users may have written is not read,
/// because a wrong digest keeps a change from being pushed.</summary>
/// <param name="directory">Made if it is not there.</param>
public sealed class ScanIndexFiles(string directory) : IScanIndexes
{
    /// <summary>The directory of the indexes.</summary>
    public const string Directory = "/var/lib/nginx-sync/index";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    // Of a node that is no longer pushed to.
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(30);

    /// <summary>Those of this machine; null for a user who is not root.</summary>
    public static IScanIndexes? OfThisMachine => Posix.EffectiveUserId == 0 ? new ScanIndexFiles(Directory) : null;

    public ScanIndex? Find(string name)
    {
        try
        {
            return IsOwn(directory) && IsOwn(PathOf(name)) ? ScanIndexText.Parse(File.ReadAllBytes(PathOf(name))) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Store(string name, ScanIndex index)
    {
        var made = $"{PathOf(name)}.{RandomName.Of(8)}";
        try
        {
            System.IO.Directory.CreateDirectory(directory, Private);
            if (!IsOwn(directory)) return;
            foreach (var old in new DirectoryInfo(directory).EnumerateFiles().Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > Oldest)) old.Delete();
            using (var file = new FileStream(made, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFile }))
            {
                file.Write(ScanIndexText.Format(index));
            }
            File.Move(made, PathOf(name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next scan hashes everything.
        }
    }

    private string PathOf(string name) => $"{directory}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]}";

    private static bool IsOwn(string path) =>
        Posix.OwnerAndModeAt(path) is { } found && found.Owner == Posix.EffectiveUserId && (found.Mode & OfOthers) == 0;
}
