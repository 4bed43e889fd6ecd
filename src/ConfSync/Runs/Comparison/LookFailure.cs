using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Why a node could not be compared or asked. A closed set of records.</summary>
public abstract record LookFailure
{
    private LookFailure()
    {
    }

    /// <summary>The session failed.</summary>
    /// <param name="Words">What the node or ssh said, with advice where there is any.</param>
    /// <param name="Login">Why the login failed; null where it did not, and where that is not known.</param>
    public sealed record Said(string Words, PeerFailure Failure, TransportFailure? Login) : LookFailure
    {
        public static Said Of(PeerException exception) => new(exception.WordsAndAdvice, exception.Failure, exception.Transport);
    }

    /// <summary>A path on the node cannot be read.</summary>
    public sealed record Unreadable(string Path) : LookFailure;
}
