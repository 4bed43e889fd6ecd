using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Events;

/// <summary>What a node was doing; the one at which it failed tells what the failure means.</summary>
public enum PushStep
{
    Connect,
    Scan,
    Stage,
    Test,
    Wait,
    Activate,
    Reload,
    HealthCheck,

    /// <summary>Verified; whether it keeps that is not decided yet.</summary>
    Agree,
    Confirm,

    /// <summary>The session was lost: finding out what became of the node.</summary>
    Resolve,
}

/// <summary>Why a node failed.</summary>
/// <param name="Words">The peer's or ssh's own words; empty where <see cref="Refusal"/> is the reason.</param>
/// <param name="UndoWords">Where the state is <see cref="PeerState.NotUndone"/> or <see cref="PeerState.Restored"/>: what hindered the undo. Where it is
/// <see cref="PeerState.Undone"/>: why what was staged is still there, if it is.</param>
/// <param name="Advice">What a person can do, where that depends on more than <paramref name="Kind"/>.</param>
public sealed record NodeFailure(
    PushStep Step, PeerFailure Kind, string Words, PeerState State, string UndoWords, string? Advice = null)
{
    /// <summary>The service that failed, where it is another one than nginx; null otherwise.</summary>
    public string? Service { get; init; }

    /// <summary>Why the login failed; null where it did not, and where that is not known.</summary>
    public TransportFailure? Transport { get; init; }

    /// <summary>Why this program itself did not go on; null where something else failed.</summary>
    public Refusal? Refusal { get; init; }
}
