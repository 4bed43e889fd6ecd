using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>The state in which a failure left a peer.</summary>
public enum PeerState
{
    /// <summary>Nothing live had changed.</summary>
    Untouched,

    /// <summary>The change was live and was undone. The peer said so after it had checked it.</summary>
    Undone,

    /// <summary>The change was live and could not be undone.</summary>
    NotUndone,

    /// <summary>The change was live. The old files are back as a whole, and a service was not seen to serve them again.</summary>
    Restored,

    /// <summary>The change is live, and the peer had been told to keep it before the failure.</summary>
    Confirmed,

    /// <summary>The session ended before the peer could say.</summary>
    Unknown,
}

/// <summary>A step on a peer failed.</summary>
/// <param name="words">What the peer, or ssh, said about it.</param>
/// <param name="undoWords">For <see cref="PeerState.NotUndone"/> and
/// <see cref="PeerState.Restored"/>: why the undo failed. For <see cref="PeerState.Undone"/>:
/// why staged files are still there, if they are.</param>
/// <param name="advice">What the administrator can do, where that depends on more than <paramref name="failure"/>.</param>
public sealed class PeerException(PeerFailure failure, string words, PeerState state, string undoWords = "", string? advice = null) :
    Exception(words.Length > 0 ? words : "the node gave no reason")
{
    public string? Advice => advice;

    /// <summary>The words, followed by the advice if there is one.</summary>
    public string WordsAndAdvice => advice is null ? Message : $"{Message}\n{advice}";

    public PeerFailure Failure => failure;

    /// <summary>Why a login failed; null where none did, or where that is not known.</summary>
    public TransportFailure? Transport { get; init; }

    public PeerState State => state;

    /// <summary>The service that failed, where it is another one than nginx; null otherwise.</summary>
    public string? Service { get; init; }

    public string UndoWords => undoWords;
}
