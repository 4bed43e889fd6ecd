using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Finds what one node has to hold to be as it was after an earlier generation: from its history, and from what it
/// holds now. The contents of files stay on the node.</summary>
/// <param name="sameOnAll">Checks that all nodes have the same state; null where they need not.</param>
/// <param name="runs">Chooses the run to go back over; null where the target is no run.</param>
/// <param name="chosen">Receives the number of the generation that the node goes back to.</param>
internal sealed class NodeRollback(
    RollbackRequest request, int index, ExcludeRules exclude, SameGeneration? sameOnAll, RunsOfNodes? runs, Action<int> chosen)
{
    /// <exception cref="RefusedException">This node cannot be rolled back. Nothing was changed.</exception>
    /// <exception cref="PeerException">The peer cannot read its history, or the session failed.</exception>
    /// <exception cref="NothingToDoException">The run to go back over changed nothing on this node.</exception>
    /// <exception cref="PrimaryException">The generation is another state on other nodes, or the run that is meant cannot
    /// be told.</exception>
    public async Task<DesiredState> DesiredAsync(PeerSession session, Scan scan, CancellationToken cancellation)
    {
        var retained = await HistoryAsync(session, cancellation);
        var elsewhere = await ElsewhereAsync(session, retained, cancellation);
        var to = runs is null ? await ChooseAsync(retained, elsewhere, cancellation) : await ChooseAsync(runs, retained, elsewhere, scan, cancellation);
        chosen(to);
        var above = await session.HistoryAsync(to + 1, changes: null, cancellation);
        EnsureComplete(above, to, retained[^1].Number);
        above = above.RemoveAll(generation => elsewhere.Contains(generation.Number));
        var back = RollbackOver(above).For(scan.Paths, scan.Ancestors, exclude, request.Config.ConfPaths);
        if (!back.Outside.IsEmpty) throw new RefusedException(new Refusal.OutsideScope(back.Outside, RunsThatChanged(back.Outside, above)));
        if (!back.Homeless.IsEmpty) throw new RefusedException(new Refusal.NoDirectoryFor(back.Homeless));
        if (!request.Force && !back.Edited.IsEmpty) throw new RefusedException(new Refusal.EditedSince(back.Edited));
        var digest = SnapshotDigest.Of(back.Desired, request.Config.Scope);
        var target = retained.FirstOrDefault(generation => generation.Number == to);
        return new DesiredState(back.Desired, scan.Ancestors, digest, new OnNode(back, session))
        {
            RollbackTo = to,
            Run = request.Run,
            BackTo = target,
            IsEdited = target is not null && SnapshotDigest.IsOf(target.Digest, request.Config.Scope) && target.Digest != digest,
            GoneOver = [.. above.Select(generation => generation with { Changes = [], Retained = [] })],
        };
    }

    private async Task<ImmutableArray<Generation>> HistoryAsync(PeerSession session, CancellationToken cancellation)
    {
        try
        {
            return await session.HistoryAsync(0, changes: 0, cancellation);
        }
        catch (PeerException exception) when (exception.Failure == PeerFailure.History)
        {
            sameOnAll?.Unknown(index, exception.Message);
            throw;
        }
    }

    // Another configuration file may have pushed other paths than this one's. This roll-back leaves them as they are. The digest
    // tells which generations may be that, so that most roll-backs need not read what each generation changed.
    private async Task<ImmutableHashSet<int>> ElsewhereAsync(PeerSession session, ImmutableArray<Generation> retained, CancellationToken cancellation)
    {
        var foreign = retained.Where(generation => !SnapshotDigest.IsOf(generation.Digest, request.Config.Scope)).Select(generation => generation.Number).ToHashSet();
        if (foreign.Count == 0) return [];
        var told = await session.HistoryAsync(foreign.Min(), changes: null, cancellation);
        return [.. told.Where(generation => foreign.Contains(generation.Number) && IsElsewhere(generation)).Select(generation => generation.Number)];
    }

    private bool IsElsewhere(Generation generation)
    {
        if (generation.Count is null or 0 || generation.Count != generation.Changes.Length) return false;
        var touched = new Snapshot(generation.Changes.Select(change => change.After ?? change.Before).OfType<Entry>());
        var (included, _) = exclude.Divide(touched, request.Config.ConfPaths);
        return !included.Entries.Any(entry => request.Config.ConfPaths.Any(top => PosixPath.IsAtOrBeneath(entry.Path, top)));
    }

    private async Task<int> ChooseAsync(
        RunsOfNodes all, ImmutableArray<Generation> retained, ImmutableHashSet<int> elsewhere, Scan scan, CancellationToken cancellation)
    {
        all.Tell(index, retained, elsewhere);
        var steps = await all.Decision.WaitAsync(cancellation);
        if (steps.Objection is { } objection) throw new PrimaryException(PrimaryStep.RollBack, new PrimaryFault.Refused(objection));
        return steps.Steps[index] switch
        {
            RollbackStep.Leave { Run: var run } => throw new NothingToDoException(new NodeReport.NotOfRun(request.Nodes[index], run) { Holds = Held(scan) }),
            RollbackStep.Refuse { Why: var why } => throw new RefusedException(why),
            RollbackStep.To { Generation: var to } => to,
            _ => throw new UnreachableException(),
        };
    }

    private string? Held(Scan scan) => request.Config.MayDifferByNode
        ? null : SnapshotDigest.Of(exclude.Divide(scan.Paths, request.Config.ConfPaths).Included, request.Config.Scope);

    private async Task<int> ChooseAsync(ImmutableArray<Generation> retained, ImmutableHashSet<int> elsewhere, CancellationToken cancellation)
    {
        var (to, refusal) = Choose(retained, elsewhere);
        if (refusal is not null) sameOnAll?.Missing(index, refusal);
        if (sameOnAll is not null && await sameOnAll.Objection.WaitAsync(cancellation) is { } objection)
        {
            throw new PrimaryException(PrimaryStep.RollBack, new PrimaryFault.Refused(objection));
        }
        return refusal is null ? to : throw new RefusedException(refusal);
    }

    private (int To, Refusal? Refusal) Choose(ImmutableArray<Generation> retained, ImmutableHashSet<int> elsewhere)
    {
        if (retained.IsEmpty) return (0, new Refusal.NoGenerations(request.Config.BackupDir));
        var (lowest, highest) = (retained[0].Number, retained[^1].Number);
        var last = retained.LastOrDefault(generation => !elsewhere.Contains(generation.Number))?.Number ?? highest;
        var to = request.To is RollbackTarget.Generation { Number: var number } ? number : last - 1;
        if (retained.FirstOrDefault(generation => generation.Number == to) is { } wanted)
        {
            sameOnAll?.Found(index, wanted);
            return (to, null);
        }
        if (to == lowest - 1)
        {
            return (to, sameOnAll is null ? null : new Refusal.BeforeLowestOfMany(to));
        }
        return (to, to > lowest && to < highest ? new Refusal.GenerationMissing(to) : new Refusal.GenerationOutOfRange(to, lowest, highest));
    }

    private static ImmutableArray<string> RunsThatChanged(ImmutableArray<string> paths, IEnumerable<Generation> generations) =>
    [
        .. generations.Where(generation => generation.Changes.Any(change => paths.Contains(change.Path))).OrderByDescending(generation => generation.Number)
            .Select(generation => generation.Run?.ShortId).OfType<string>().Distinct(),
    ];

    // A gap is refused, because a path may have been something else in the missing generation.
    private static void EnsureComplete(IReadOnlyList<Generation> above, int to, int highest)
    {
        for (var number = to + 1; number <= highest; number++)
        {
            if (above.FirstOrDefault(generation => generation.Number == number) is not { } generation)
            {
                throw new RefusedException(new Refusal.WayMissing(number));
            }
            if (generation.Count is null or 0 || generation.Count != generation.Changes.Length)
            {
                throw new RefusedException(new Refusal.GenerationWithoutChanges(number));
            }
        }
    }

    private static RollbackPlan RollbackOver(IEnumerable<Generation> above)
    {
        try
        {
            return new RollbackPlan(above);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new RefusedException(new Refusal.HistoryUnreadable(exception.Message));
        }
    }

    private sealed class OnNode(RollbackPlan.Result back, PeerSession session) : IContents
    {
        private IReadOnlyDictionary<string, ReadOnlyMemory<byte>> shown = ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty;

        public Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation) => Task.CompletedTask;

        public async Task LoadToShowAsync(IEnumerable<Entry> files, CancellationToken cancellation)
        {
            var retained = files.Where(file => RetainedCopyOf(file) is not null).ToList();
            shown = await session.ReadRetainedAsync(retained.Select(file => (file, RetainedCopyOf(file)!)), cancellation);
            var damaged = retained.Where(file => !shown.ContainsKey(file.Digest!)).Select(file => file.Path).ToImmutableArray();
            if (!damaged.IsEmpty) throw new RefusedException(new Refusal.RetainedDamaged(damaged));
        }

        public ReadOnlyMemory<byte> Of(Entry file) => shown.TryGetValue(file.Digest!, out var content)
            ? content
            : throw new InvalidOperationException($"the node keeps {PosixText.Printable(file.Path)} itself");

        public RetainedFile? RetainedCopyOf(Entry file) => back.Contents.GetValueOrDefault(file.Path);

        public void Dispose()
        {
        }
    }
}
