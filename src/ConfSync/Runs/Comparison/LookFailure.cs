namespace ConfSync.Runs;

/// <summary>Why a node could not be compared. A closed set of records.</summary>
public abstract record LookFailure
{
    private LookFailure()
    {
    }

    /// <summary>The session failed.</summary>
    /// <param name="Words">What the node or ssh said, with advice where there is any.</param>
    public sealed record Said(string Words) : LookFailure;

    /// <summary>A path on the node cannot be read.</summary>
    public sealed record Unreadable(string Path) : LookFailure;
}
