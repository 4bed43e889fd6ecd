using System.Diagnostics.CodeAnalysis;
using ConfSync.Platform;
using ConfSync.Transport;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Primary;

/// <summary>One run at a time on the primary: an advisory lock (flock(2)) that this process holds and that ends with it,
/// so that it is never stale. The file stays; what counts is the lock on it.</summary>
public sealed class RunLock : IAsyncDisposable
{
    private readonly Func<ValueTask> release;

    private RunLock(Func<ValueTask> release) => this.release = release;

    /// <summary>Where it is unless LOCKFILE says otherwise. Root's is where only root can make a file: in /run/lock, which
    /// everybody may write, any user could make it first and lock it.</summary>
    /// <param name="isRoots">The lock is taken as root, by root or through sudo: all who work as root share it.</param>
    public static string DefaultPath(bool isRoots) => isRoots ? "/run/nginx-sync.lock" : "/run/lock/nginx-sync.lock";

    /// <summary>Takes it, if it is free.</summary>
    /// <param name="path">From LOCKFILE; null where that is not set.</param>
    /// <param name="sudo">Where the user is not root, everything is done as root.</param>
    /// <returns>The lock, to be disposed; or why it is not had.</returns>
    public static async Task<(RunLock? Taken, LockProblem? Problem)> TryTakeAsync(string? path, bool sudo, CancellationToken cancellation)
    {
        if (LocalShell.NeedsSudo(sudo))
        {
            var (command, refusal) = await SudoLock.TryTakeAsync(path ?? DefaultPath(isRoots: true), cancellation);
            return command is null ? (null, refusal) : (new RunLock(() => SudoLock.ReleaseAsync(command)), null);
        }
        return TryTake(path ?? DefaultPath(Posix.EffectiveUserId == 0), out var taken, out var problem) ? (taken, null) : (null, problem);
    }

    /// <param name="path">The file, which is created if it is missing. A link is refused, because in a directory that
    /// others may write to it could lead root to any file.</param>
    /// <param name="problem">Why the lock was not taken; null if it was.</param>
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
            taken = new RunLock(() =>
            {
                file.Dispose();
                return ValueTask.CompletedTask;
            });
            return true;
        }
        // The lock itself does not tell which process holds it: another run, or any program that may open the file.
        using (file)
        {
            var identity = Posix.IdentityOf(file);
            problem = new LockProblem.Held(path, Other(identity.Owner), LockHolder.Of(identity));
        }
        return false;
    }

    /// <summary>The nginx-sync that holds the lock now; null where none is seen to. Takes no lock itself.</summary>
    /// <inheritdoc cref="TryTakeAsync" path="/param"/>
    public static LockHolder? RunThatHolds(string? path, bool sudo) =>
        // Where there is no such file, no run has made it yet, or it is out of this user's reach.
        Posix.IdentityAt(path ?? DefaultPath(sudo || Posix.EffectiveUserId == 0)) is { } file && LockHolder.Of(file) is { Program: LockHolder.Self } run ? run : null;

    public ValueTask DisposeAsync() => release();

    internal static uint? OtherOwnerAt(string path)
    {
        try
        {
            var (owner, _, isDirectory) = Posix.LookAt(path);
            return isDirectory ? null : Other(owner);
        }
        catch (IOException)
        {
            // There is no file, or its directory cannot be entered. The system's error text says so.
            return null;
        }
    }

    private static uint? Other(uint owner) => owner == Posix.EffectiveUserId ? null : owner;
}
