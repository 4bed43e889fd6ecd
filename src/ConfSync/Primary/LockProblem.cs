namespace ConfSync.Primary;

/// <summary>Why the lock of this machine could not be taken. A closed set of records.</summary>
/// <param name="Path">The file of the lock.</param>
/// <param name="OtherOwner">The ID of the user who owns the file; null if that is the user of this process.</param>
public abstract record LockProblem(string Path, uint? OtherOwner)
{
    /// <summary>The file cannot be opened.</summary>
    /// <param name="Words">The error text of the system.</param>
    public sealed record NotOpened(string Path, uint? OtherOwner, string Words) : LockProblem(Path, OtherOwner);

    /// <summary>sudo on this machine does not let this user work as root.</summary>
    /// <param name="User">This user's name.</param>
    /// <param name="Words">sudo's own.</param>
    public sealed record NoSudo(string Path, string User, string Words) : LockProblem(Path, null);

    /// <summary>Another process holds it.</summary>
    /// <param name="Holder">Null where the system does not say which one.</param>
    public sealed record Held(string Path, uint? OtherOwner, LockHolder? Holder) : LockProblem(Path, OtherOwner);
}
