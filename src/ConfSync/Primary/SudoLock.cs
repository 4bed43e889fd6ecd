using System.Text;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Transport;

namespace ConfSync.Primary;

/// <summary>Root's lock, taken through sudo for a user who is not root and works as root: root and all such users share it, and
/// no other user can open its file. A process of root's holds it as long as its standard input is open, and so no longer than
/// this program lives.</summary>
internal static class SudoLock
{
    private const string Locked = "locked";

    // flock(1) opens its file with O_CREAT, with which Linux keeps even root from another user's file in /run/lock
    // (fs.protected_regular): so the file is opened before, and flock opens it once more through /proc. It stays as the parent
    // of cat, so that the list of locks names a living process (LockHolder).
    private const string Take =
        "umask 077; if [ -L \"$1\" ]; then echo it is a symbolic link >&2; exit 2; fi; " +
        "[ -e \"$1\" ] || (set -C; : >\"$1\") || exit 2; " +
        "if ! [ -f \"$1\" ]; then echo it is no regular file >&2; exit 2; fi; " +
        "exec 9<\"$1\" || exit 2; " +
        "exec flock -n /proc/self/fd/9 sh -c \"echo " + Locked + "; exec cat >/dev/null\"";

    private const int IsHeld = 1;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <returns>What holds the lock; or why it is not had.</returns>
    public static async Task<(IRemoteCommand? Holder, LockProblem? Problem)> TryTakeAsync(string path, CancellationToken cancellation)
    {
        var outcome = await new LocalShell().ConnectAsync($"exec sudo -n sh -c '{Take}' sh {ShellWord.Of(path)}", cancellation);
        if (outcome is not ConnectOutcome.Connected { Command: var command })
        {
            return (null, new LockProblem.NotOpened(path, null, ((ConnectOutcome.Failed)outcome).Failure.Reason ?? ""));
        }
        try
        {
            using var reader = new StreamReader(command.Output, Encoding.UTF8, leaveOpen: true);
            if (await reader.ReadLineAsync(cancellation) == Locked) return (command, null);
            var status = await command.ExitAsync(cancellation);
            var words = command.ErrorText.Trim();
            await command.DisposeAsync();
            return (null, status == IsHeld && words.Length == 0 ? Held(path) : NotOpened(path, status, words));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives it back, and returns when it is.</summary>
    public static async ValueTask ReleaseAsync(IRemoteCommand holder)
    {
        using var farewell = new CancellationTokenSource(Farewell);
        await using (holder)
        {
            try
            {
                await holder.Input.DisposeAsync();
                await holder.ExitAsync(farewell.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // It ends with its input.
            }
        }
    }

    private static LockProblem.Held Held(string path) => new(
        path, RunLock.OtherOwnerAt(path), Posix.IdentityAt(path) is { } file ? LockHolder.Of(file) : null);

    private static LockProblem NotOpened(string path, int status, string words) =>
        LoginWords.Classify(words, status).Problem is TransportFailure.SudoPassword or TransportFailure.SudoTerminal or
            TransportFailure.SudoNotAllowed or TransportFailure.SudoMissing
            ? new LockProblem.NoSudo(path, Environment.UserName, words)
            : new LockProblem.NotOpened(path, RunLock.OtherOwnerAt(path), words.Length > 0 ? words : $"exit status {status} of flock");
}
