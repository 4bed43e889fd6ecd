using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>What a failure left on the peer.</summary>
public enum PeerState
{
    /// <summary>Nothing live had changed.</summary>
    Untouched,

    /// <summary>It had changed and was put back; the peer said so after seeing it done.</summary>
    Undone,

    /// <summary>It had changed and could not be put back.</summary>
    NotUndone,

    /// <summary>It has changed, and had been told to keep the change before the failure.</summary>
    Confirmed,

    /// <summary>The conversation ended before the peer could say.</summary>
    Unknown,
}

/// <summary>A step on a peer did not succeed.</summary>
/// <param name="words">What the peer, or ssh, said of it.</param>
/// <param name="undoWords">Where <paramref name="state"/> is <see cref="PeerState.NotUndone"/>: what hindered the undo.
/// Where it is <see cref="PeerState.Undone"/>: why what was staged is still there, if it is.</param>
/// <param name="advice">What a person can do about it, where that depends on more than <paramref name="failure"/>.</param>
public sealed class PeerException(PeerFailure failure, string words, PeerState state, string undoWords = "", string? advice = null) :
    Exception(words.Length > 0 ? words : "the node gave no reason")
{
    public string? Advice => advice;

    /// <summary>The words, and what to do.</summary>
    public string WordsAndAdvice => advice is null ? Message : $"{Message}\n{advice}";

    public PeerFailure Failure => failure;

    /// <summary>Why a login failed; null where none did, or where that is not known.</summary>
    public TransportFailure? Transport { get; init; }

    public PeerState State => state;

    public string UndoWords => undoWords;
}
