using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Looks at what the last push left on a node before this push overwrites it: whether this primary has ever had that
/// state, and what was edited there since.</summary>
/// <param name="memory">Reads what this machine remembers; called where a node holds the state of another machine.</param>
internal sealed class LastPush(PushRequest request, ExcludeRules exclude, Func<Task<RunMemory>> memory)
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
        var strangers = request.Force ? [] : await NeverHadAsync(session, generations, last, cancellation);
        if (strangers.FirstOrDefault(generation => generation == last) is { } lost) throw Refusing(lost);
        var isAsPushed = last is null || SnapshotDigest.Of(before, scope) == last.Digest;
        if (isAsPushed && strangers.IsEmpty) return HandEdits.None;

        generations = await session.HistoryAsync(0, changes: null, cancellation);
        // Another configuration has other paths. Its push is lost if this one changes a path that it was the last to change.
        var after = generations.Where(generation => generation.Number > (last?.Number ?? 0));
        if (HandEdits.LastToChange(changes, after).LastOrDefault(later => strangers.Any(stranger => stranger.Number == later.Number)) is { } overwritten)
        {
            throw Refusing(overwritten);
        }
        var edits = isAsPushed ? HandEdits.None : HandEdits.Of(before, changes, generations, scope, exclude, request.Config.ConfPaths);
        if (edits.IsEmpty || request.Force || request.Config.Overwrite) return edits;
        throw new RefusedException(new Refusal.EditedByHand(edits.Paths, edits.IsComplete));
    }

    // The last generation of this scope and those after it, as far as this machine has never had them.
    private async Task<ImmutableArray<Generation>> NeverHadAsync(
        PeerSession session, IEnumerable<Generation> generations, Generation? last, CancellationToken cancellation)
    {
        var others = generations.Where(generation => generation.Number >= (last?.Number ?? 0))
            .Where(generation => RunMemory.None.ObjectionTo(generation, request.Who) is not null).ToImmutableArray();
        if (others.IsEmpty) return others;
        var remembered = await session.StayUntilAsync(memory(), cancellation);
        return [.. others.Where(generation => remembered.ObjectionTo(generation, request.Who) is not null)];
    }

    private RefusedException Refusing(Generation lost) => new(RunMemory.None.ObjectionTo(lost, request.Who)!);
}
