using ConfSync.Trees;

namespace ConfSync.Changes;

public enum ConflictKind
{
    /// <summary>The change would remove, move or cover something that EXCLUDE takes out.</summary>
    Excluded,

    /// <summary>The change would remove a socket, device or fifo of the peer, which another process may be using.</summary>
    SpecialOnPeer,

    /// <summary>Something that is no directory, and is not replaced by one, stands above a desired path.</summary>
    NotADirectory,

    /// <summary>The primary's own entry is a socket, device or fifo, or a file that could not be read.</summary>
    NotPushable,
}

/// <summary>Why a change cannot be made on a peer.</summary>
/// <param name="Path">The path to change.</param>
/// <param name="Obstacle">What forbids the change. It is on the peer, except for
/// <see cref="ConflictKind.NotPushable"/>.</param>
public sealed record Conflict(string Path, ConflictKind Kind, Entry Obstacle);
