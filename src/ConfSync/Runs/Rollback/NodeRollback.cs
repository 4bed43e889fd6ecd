using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What one node has to hold to be as it was after an earlier generation: from its own history, and from what it
/// holds now. The bytes of files stay where they are, on the node.</summary>
/// <param name="sameOnAll">Null where this node need not agree with others.</param>
internal sealed class NodeRollback(
    RollbackRequest request, int index, ExcludeRules exclude, SameGeneration? sameOnAll, Action<int> chosen)
{
    private const int MostPathsNamed = 20;

    /// <exception cref="PeerException">There is no way back on this node; nothing was changed.</exception>
    /// <exception cref="PrimaryException">It is another state on other nodes.</exception>
    public async Task<DesiredState> DesiredAsync(PeerSession session, Scan scan, CancellationToken cancellation)
    {
        var kept = await HistoryAsync(session, cancellation);
        var (to, refusal) = Choose(kept);
        if (refusal is not null) sameOnAll?.Missing(index, refusal);
        if (sameOnAll is not null && await sameOnAll.Objection.WaitAsync(cancellation) is { } objection)
        {
            throw new PrimaryException("rolling back", objection);
        }
        if (refusal is not null) throw Refused(PeerFailure.History, refusal);
        chosen(to);
        var above = await session.HistoryAsync(to + 1, changes: null, cancellation);
        EnsureComplete(above, to, kept[^1].Number);
        var back = WayOver(above).For(scan.Paths, scan.Above, exclude, request.Config.ConfPaths);
        if (Named(back.Outside) is { } outside)
        {
            throw Refused(PeerFailure.Conflict, $"these were changed since, and are in EXCLUDE or outside of CONFPATHS today:\n{outside}\n" +
                "Change the configuration file so that they may be touched, for this roll-back at least");
        }
        if (Named(back.Homeless) is { } homeless)
        {
            throw Refused(PeerFailure.Conflict, $"the directory is not there any more that would hold these; make it there first:\n{homeless}");
        }
        if (!request.Force && Named(back.Edited) is { } edited)
        {
            throw Refused(PeerFailure.Edited, $"somebody has changed these there since, and it would be lost:\n{edited}");
        }
        var digest = SnapshotDigest.Of(back.Desired, request.Config.Scope);
        return new DesiredState(back.Desired, scan.Above, digest, digest, new OnNode(back)) { RollbackTo = to };
    }

    private async Task<ImmutableArray<Generation>> HistoryAsync(PeerSession session, CancellationToken cancellation)
    {
        try
        {
            return await session.HistoryAsync(0, changes: 0, cancellation);
        }
        catch (PeerException exception) when (exception.Failure == PeerFailure.History)
        {
            sameOnAll?.Missing(index, exception.Message);
            throw;
        }
    }

    private (int To, string? Refusal) Choose(ImmutableArray<Generation> kept)
    {
        if (kept.IsEmpty) return (0, $"this node keeps no generation in {request.Config.BackupDir}: there is nothing to go back to");
        var (lowest, highest) = (kept[0].Number, kept[^1].Number);
        var to = request.To ?? highest - 1;
        if (kept.FirstOrDefault(generation => generation.Number == to) is { } wanted)
        {
            sameOnAll?.Found(index, wanted);
            return (to, null);
        }
        if (to == lowest - 1)
        {
            return (to, sameOnAll is null ? null : $"generation {to} is what was before the lowest that is kept; only one node at a time can go back to that");
        }
        return (to, to > lowest && to < highest
            ? $"generation {to} is missing on this node"
            : $"this node cannot go back to generation {to}: it keeps {lowest} to {highest}, and --to {lowest - 1} is what was before them");
    }

    // Nothing is guessed: a gap means that a path may have been something else in between.
    private static void EnsureComplete(IReadOnlyList<Generation> above, int to, int highest)
    {
        for (var number = to + 1; number <= highest; number++)
        {
            if (above.FirstOrDefault(generation => generation.Number == number) is not { } generation)
            {
                throw Refused(PeerFailure.History, $"generation {number} is missing on this node: there is no way back over it");
            }
            if (generation.Count is null or 0 || generation.Count != generation.Changes.Length)
            {
                throw Refused(
                    PeerFailure.History, $"generation {number} does not say what it changed (an older version kept it, or its writing was cut off): " +
                    "there is no way back over it");
            }
        }
    }

    private static WayBack WayOver(IEnumerable<Generation> above)
    {
        try
        {
            return new WayBack(above);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw Refused(PeerFailure.History, exception.Message);
        }
    }

    private static string? Named(ImmutableArray<string> paths) => paths.Length switch
    {
        0 => null,
        <= MostPathsNamed => string.Join('\n', paths.Select(PosixText.Printable)),
        _ => string.Join('\n', paths.Take(MostPathsNamed).Select(PosixText.Printable)) + $"\nand {paths.Length - MostPathsNamed} more",
    };

    private static PeerException Refused(PeerFailure failure, string words) => new(failure, words, PeerState.Untouched);

    private sealed class OnNode(WayBack.Result back) : IContents
    {
        public Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation) => Task.CompletedTask;

        public ReadOnlyMemory<byte> Of(Entry file) =>
            throw new InvalidOperationException($"the node keeps {PosixText.Printable(file.Path)} itself");

        public KeptFile? KeptOf(Entry file) => back.Contents.GetValueOrDefault(file.Path);

        public void Dispose()
        {
        }
    }
}
