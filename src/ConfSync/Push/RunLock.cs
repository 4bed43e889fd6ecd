using Microsoft.Win32.SafeHandles;

namespace ConfSync.Push;

/// <summary>One run at a time on the primary: an advisory lock (flock(2)) that this process holds and that ends with it,
/// so that it is never stale. The file stays; what counts is the lock on it.</summary>
public sealed class RunLock : IDisposable
{
    public const string DefaultPath = "/run/lock/nginx-sync.lock";

    private readonly SafeFileHandle file;

    private RunLock(SafeFileHandle file) => this.file = file;

    /// <param name="path">Created where it is not there. Never a link: in a directory that others may write, that would
    /// lead root wherever they like.</param>
    /// <exception cref="PrimaryException">Another run holds it, or it cannot be opened.</exception>
    public static RunLock Take(string path)
    {
        const string Step = "taking the lock";
        SafeFileHandle file;
        try
        {
            file = Posix.OpenWithoutFollowing(path);
        }
        catch (IOException exception)
        {
            throw new PrimaryException(Step, $"cannot open the lock file {path}: {exception.Message}; set LOCKFILE to another");
        }
        if (Posix.TryLock(file)) return new RunLock(file);
        file.Dispose();
        throw new PrimaryException(Step, $"another nginx-sync is running on this machine: it holds {path}");
    }

    public void Dispose() => file.Dispose();
}
