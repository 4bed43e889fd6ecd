using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Looks at a node and at this machine, and finds what this machine has to hold so that a push of it would leave the node as
/// it is. Nothing is changed on either.</summary>
internal sealed class AdoptLooker(AdoptRequest request, ITransport transport, IRunLog log, Timeline timeline)
{
    private readonly SyncConfig config = request.Config;
    private readonly ExcludeRules exclude = PushRun.ExcludeRulesOf(request.Config);

    /// <exception cref="PrimaryException">This machine's own files cannot be read, or templates and rules not be applied.</exception>
    public async Task<AdoptLook> LookAsync(CancellationToken cancellation)
    {
        await using var primary = new PrimaryShell(request.Sudo, config, exclude);
        using var logins = new Logins(config.Logins);
        using var states = await new DesiredStateReader(primary, config, exclude, config.AllowForeignDirectories, timeline, new ContentStore(primary.ReadAsync)) { IsMade = true }
            .ReadAsync([request.Node], new PatternUse(config.WatchedPatterns, config.ConfPaths), cancellation);
        var here = await primary.MachineAsync(cancellation);
        try
        {
            // A session of this kind takes the node's lock, so that no push changes the node meanwhile.
            var settings = PeerSettings.Of(config, reload: false) with { AsksForHistory = true, ReadsContents = true };
            await using var session = await logins.ConnectAsync(
                transport, () => PeerSession.Open(transport, request.Sudo, ConversationMode.DryRun, request.Who, settings, config.ConfPaths, exclude),
                config.ConnectTimeout, cancellation);
            if (here is not null && session.Machine == here) return new AdoptLook.Refused(new Refusal.PrimaryItself(request.Node));
            var look = await session.StayUntilAsync(LookAsync(session, states, cancellation), cancellation);
            await session.CloseAsync();
            return look;
        }
        catch (PeerException exception)
        {
            return new AdoptLook.Failed(LookFailure.Said.Of(exception));
        }
    }

    private async Task<AdoptLook> LookAsync(PeerSession session, DesiredStates states, CancellationToken cancellation)
    {
        var (facts, scan) = await session.BeginAsync(cancellation);
        if (facts.Unfinished is { } unfinished) return new AdoptLook.Refused(new Refusal.Remains(unfinished));
        var (held, _) = exclude.Divide(scan.Paths, config.ConfPaths);
        var foreign = ForeignOn(scan, held, facts);
        if (!foreign.IsEmpty && !config.AllowForeignDirectories) return new AdoptLook.Refused(new Refusal.ForeignDirectories(foreign));
        var pushed = states.Of(request.Node);
        var plan = AdoptionPlan.Of(states.Included, pushed.Snapshot, held, path => MadeFromOf(path, pushed.Own));
        if (!plan.Made.IsEmpty) return new AdoptLook.Made(plan.Made);
        if (plan.Taken.Sum(file => file.Size) is > SizeLimits.Most and var size) return new AdoptLook.Refused(new Refusal.TooMuchContent(size));
        var generations = await session.HistoryAsync(0, changes: null, cancellation);
        var contents = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var moved = plan.Taken.IsEmpty ? [] : await session.ReadAsync(
            plan.Taken.DistinctBy(file => file.Digest).ToList(), (file, content) => contents[file.Digest!] = content, cancellation);
        if (moved is [var file, ..]) return new AdoptLook.Refused(new Refusal.ChangedWhileActivated(file.Path));
        var adoption = new Adoption(states.Included, plan.Desired, scan.Ancestors, contents.ToImmutable());
        return new AdoptLook.Found(await DescribedAsync(adoption, pushed.Snapshot, held, generations, cancellation));
    }

    // Root would write here what another user may have put there.
    private ImmutableArray<Entry> ForeignOn(Scan scan, Snapshot held, PeerFacts facts)
    {
        var directories = new ForeignDirectories(facts.Logins.Add(0));
        var tops = config.ConfPaths.Select(path => scan.Paths[path]).OfType<Entry>();
        return ForeignDirectories.Distinct(directories.AmongAncestors([.. scan.Ancestors, .. scan.Beyond], tops).Concat(directories.Within(held.Entries)));
    }

    private MadeFrom? MadeFromOf(string path, ImmutableHashSet<string> own) =>
        own.Contains(path) ? MadeFrom.OwnFile
        : config.PostSync.Any(rule => rule.File == path && rule.IsFor(request.Node, config.Nodes)) ? MadeFrom.PostSync
        : config.PerNode.HasTemplates && config.Templates.Contains(path) ? MadeFrom.Template
        : path is KeepalivedFiles.ConfigurationPath or KeepalivedFiles.CheckPath && config.PerNode.Cluster?.MemberOf(request.Node) is not null ? MadeFrom.Cluster
        : null;

    private async Task<Adoption> DescribedAsync(
        Adoption adoption, Snapshot pushed, Snapshot held, ImmutableArray<Generation> generations, CancellationToken cancellation)
    {
        var memory = await RunMemory.ReadAsync(config, request.Sudo, request.Who, log, cancellation);
        var had = generations.Where(generation => memory.ObjectionTo(generation, request.Who) is null).ToList();
        var last = HandEdits.LastOf(generations, config.Scope);
        var common = HandEdits.LastOf(had, config.Scope);
        var (whole, partial) = ByScope(generations);
        return adoption with
        {
            Last = last,
            IsNew = last is not null && memory.ObjectionTo(last, request.Who) is not null,
            IsEditedThere = last is not null && SnapshotDigest.Of(held, config.Scope) != last.Digest,
            Edits = common is null ? HandEdits.None : HandEdits.Of(
                pushed, [.. ChangeSet.Between(held, pushed, Snapshot.Empty).Changes], [.. generations.Where(generation => generation.Number <= common.Number)],
                config.Scope, exclude, config.ConfPaths),
            Runs = [.. whole.Select(generation => generation.Run?.Id).OfType<string>().Distinct()],
            Partial = [.. partial.Where(generation => memory.ObjectionTo(generation, request.Who) is not null).Select(generation => generation.Run!.ShortId).Distinct()],
        };
    }

    // A generation of another configuration is had as well where all that it changed is of this one.
    private (IEnumerable<Generation> Whole, IEnumerable<Generation> Partial) ByScope(ImmutableArray<Generation> generations)
    {
        var byScope = generations.ToLookup(generation => SnapshotDigest.IsOf(generation.Digest, config.Scope));
        var within = byScope[false].ToLookup(generation => generation.Count == generation.Changes.Length && generation.Changes.All(IsWithin));
        return (byScope[true].Concat(within[true]), within[false].Where(generation => generation.Changes.Any(IsWithin)));
    }

    private bool IsWithin(Change change) =>
        config.ConfPaths.Any(path => PosixPath.IsAtOrBeneath(change.Path, path)) &&
        !exclude.Protects(change.Path, (change.After ?? change.Before)!.Kind, config.ConfPaths);
}
