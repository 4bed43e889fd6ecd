using System.Diagnostics.CodeAnalysis;
using ConfSync.Platform;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Primary;

/// <summary>One run at a time on the primary: an advisory lock (flock(2)) that this process holds and that ends with it,
/// so that it is never stale. The file stays; what counts is the lock on it.</summary>
public sealed class RunLock : IDisposable
{
    private readonly SafeFileHandle file;

    private RunLock(SafeFileHandle file) => this.file = file;

    /// <summary>Where it is unless LOCKFILE says otherwise. Root's is where only root can make a file: in /run/lock, which
    /// everybody may write, any user could make it first and lock it.</summary>
    public static string DefaultPath => Posix.EffectiveUserId == 0 ? "/run/nginx-sync.lock" : "/run/lock/nginx-sync.lock";

    /// <param name="path">Created where it is not there. Never a link: in a directory that others may write, that would
    /// lead root wherever they like.</param>
    /// <param name="problem">Null where the lock was taken.</param>
    public static bool TryTake(
        string path, [NotNullWhen(true)] out RunLock? taken, [NotNullWhen(false)] out LockProblem? problem)
    {
        (taken, problem) = (null, null);
        SafeFileHandle file;
        try
        {
            file = Posix.OpenWithoutFollowing(path);
        }
        catch (IOException exception)
        {
            problem = new LockProblem.NotOpened(path, OtherOwnerAt(path), exception.Message);
            return false;
        }
        if (Posix.TryLock(file))
        {
            taken = new RunLock(file);
            return true;
        }
        // A lock says nothing of who took it: another run, or any program of any user who may open the file.
        using (file)
        {
            var identity = Posix.IdentityOf(file);
            problem = new LockProblem.Held(path, Other(identity.Owner), LockHolder.Of(identity));
        }
        return false;
    }

    public void Dispose() => file.Dispose();

    private static uint? OtherOwnerAt(string path)
    {
        try
        {
            var (owner, _, isDirectory) = Posix.LookAt(path);
            return isDirectory ? null : Other(owner);
        }
        catch (IOException)
        {
            // There is none, or its directory cannot be entered: the system's words say so.
            return null;
        }
    }

    private static uint? Other(uint owner) => owner == Posix.EffectiveUserId ? null : owner;
}
