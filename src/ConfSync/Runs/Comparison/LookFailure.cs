namespace ConfSync.Runs;

/// <summary>Why a node could not be looked at. One of the records in here.</summary>
public abstract record LookFailure
{
    private LookFailure()
    {
    }

    /// <summary>The session failed.</summary>
    /// <param name="Words">The node's or ssh's, with what to do where that is known.</param>
    public sealed record Said(string Words) : LookFailure;

    /// <summary>A path there cannot be read.</summary>
    public sealed record Unreadable(string Path) : LookFailure;
}
