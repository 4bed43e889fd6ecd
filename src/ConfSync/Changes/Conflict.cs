using ConfSync.Trees;

namespace ConfSync.Changes;

public enum ConflictKind
{
    /// <summary>Something that EXCLUDE protects would have to be removed, moved or covered.</summary>
    Excluded,

    /// <summary>A socket, device or fifo of the peer would have to be removed; somebody may be using it.</summary>
    SpecialOnPeer,

    /// <summary>Something that is no directory, and is not itself replaced by one, stands above a wanted path.</summary>
    NotADirectory,

    /// <summary>The primary's own entry is a socket, device or fifo, or a file that could not be read.</summary>
    NotPushable,
}

/// <summary>Why a change cannot be made on this peer.</summary>
/// <param name="Path">What was to be changed.</param>
/// <param name="Obstacle">What stands in the way: on the peer, except for <see cref="ConflictKind.NotPushable"/>.</param>
public sealed record Conflict(string Path, ConflictKind Kind, Entry Obstacle);
