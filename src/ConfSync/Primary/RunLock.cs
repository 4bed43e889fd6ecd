using ConfSync.Platform;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Primary;

/// <summary>One run at a time on the primary: an advisory lock (flock(2)) that this process holds and that ends with it,
/// so that it is never stale. The file stays; what counts is the lock on it.</summary>
public sealed class RunLock : IDisposable
{
    private const string Step = "taking the lock";

    private readonly SafeFileHandle file;

    private RunLock(SafeFileHandle file) => this.file = file;

    /// <summary>Where it is unless LOCKFILE says otherwise. Root's is where only root can make a file: in /run/lock, which
    /// everybody may write, any user could make it first and lock it.</summary>
    public static string DefaultPath => Posix.EffectiveUserId == 0 ? "/run/nginx-sync.lock" : "/run/lock/nginx-sync.lock";

    /// <param name="path">Created where it is not there. Never a link: in a directory that others may write, that would
    /// lead root wherever they like.</param>
    /// <exception cref="PrimaryException">Another run holds it, or it cannot be opened.</exception>
    public static RunLock Take(string path)
    {
        SafeFileHandle file;
        try
        {
            file = Posix.OpenWithoutFollowing(path);
        }
        catch (IOException exception)
        {
            throw new PrimaryException(Step, $"cannot open the lock file {path}: {exception.Message}{OwnerOf(path)}; set LOCKFILE to another");
        }
        if (Posix.TryLock(file)) return new RunLock(file);
        using (file) throw new PrimaryException(Step, Held(path, file));
    }

    public void Dispose() => file.Dispose();

    private static string OwnerOf(string path)
    {
        try
        {
            var (owner, _, isDirectory) = Posix.LookAt(path);
            return isDirectory || owner == Posix.EffectiveUserId ? "" : $" (it belongs to user {owner})";
        }
        catch (IOException)
        {
            // There is none, or its directory cannot be entered: that was said.
            return "";
        }
    }

    // A lock says nothing of who took it: another run, or any program of any user who may open the file.
    private static string Held(string path, SafeFileHandle file)
    {
        var identity = Posix.IdentityOf(file);
        var owner = identity.Owner == Posix.EffectiveUserId ? "" : $"; the file belongs to user {identity.Owner}";
        if (LockHolder.Of(identity) is not { } holder)
        {
            return $"another process has locked {path}{owner}: wait for it, most likely another nginx-sync, or set LOCKFILE to " +
                "a file that only this user can open";
        }
        return holder.Program == "nginx-sync"
            ? $"another nginx-sync is running on this machine: process {holder.ProcessId} of user {holder.UserId} holds {path}{owner}"
            : $"process {holder.ProcessId} ({holder.Program}) of user {holder.UserId}, which is no nginx-sync, has locked {path}{owner}: " +
              "end that process, or set LOCKFILE to a file that only this user can open";
    }
}
