using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Looks at what the last push left on a node before this push overwrites it: whether this primary has ever had that
/// state, and what was edited there since.</summary>
/// <param name="memory">Reads what this machine remembers; called where a node holds the state of another machine.</param>
internal sealed class LastPush(PushRequest request, Func<Task<RunMemory>> memory)
{
    /// <param name="generations">Those that the node retains, without their changes; none where they cannot be read.</param>
    /// <param name="before">What the node holds, without what EXCLUDE takes out.</param>
    /// <returns>What was edited there and will be overwritten.</returns>
    /// <exception cref="RefusedException">The push must not overwrite it.</exception>
    public async Task<HandEdits> CheckAsync(
        PeerSession session, ImmutableArray<Generation> generations, Snapshot before, IReadOnlyCollection<Change> changes, CancellationToken cancellation)
    {
        var scope = request.Config.Scope;
        var last = HandEdits.LastOf(generations, scope);
        if (!request.Force && last is { Run: not null } && RunMemory.None.ObjectionTo(last, request.Who) is not null &&
            (await session.StayUntilAsync(memory(), cancellation)).ObjectionTo(last, request.Who) is { } objection)
        {
            throw new RefusedException(objection);
        }
        if (last is null || SnapshotDigest.Of(before, scope) == last.Digest) return HandEdits.None;
        var edits = HandEdits.Of(before, changes, await session.HistoryAsync(0, changes: null, cancellation), scope);
        if (edits.IsEmpty || request.Force || request.Config.Overwrite) return edits;
        throw new RefusedException(new Refusal.EditedByHand(edits.Paths, edits.IsComplete));
    }
}
