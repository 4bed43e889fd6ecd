using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>
/// Makes what each node ought to hold from the primary's files: its Snapshot without what EXCLUDE takes out; the templates
/// over it, with the node's values; the node's own files over that; POSTSYNC last.
/// </summary>
/// <param name="trusts">Do not refuse directories that another user may write to.</param>
/// <param name="contents">Receives the contents that are in no file of the primary, and reads the others.</param>
internal sealed class DesiredStateReader(
    PrimaryShell primary, SyncConfig config, ExcludeRules exclude, bool trusts, Timeline timeline, ContentStore contents)
{
    /// <summary>What is pushed is made for each node, so that this machine may be without it.</summary>
    public bool IsMade { get; init; }

    // Nodes are numbered from 0 on.
    private const int ThisMachine = -1;

    private readonly Sed sed = new(config.Sed);

    // By rule and digest, what sed has made: most nodes have the same file.
    private readonly ConcurrentDictionary<(PostSyncRule, string), byte[]> edited = new();

    /// <param name="nodes">The nodes of the run.</param>
    /// <param name="use">Receives the scan of the primary, excluded paths included.</param>
    /// <exception cref="PrimaryException">A path is missing, cannot be read or cannot be pushed; or a template or a rule
    /// cannot be applied for a node.</exception>
    public async Task<DesiredStates> ReadAsync(IReadOnlyCollection<Node> nodes, PatternUse use, CancellationToken cancellation)
    {
        var roots = Roots(nodes);
        var scan = await PrimaryException.AttemptAsync(
            PrimaryStep.Scan, () => timeline.OfPrimaryAsync(TimedStep.PrimaryScan, () => primary.ScanAsync(roots, cancellation)));
        var own = new Snapshot(scan.Paths.Entries.Where(entry => config.ConfPaths.Any(path => PosixPath.IsAtOrBeneath(entry.Path, path))));
        use.Saw(ThisMachine, own);
        var (included, _) = exclude.Divide(own, config.ConfPaths);
        var overlays = roots.ToImmutableDictionary(root => root, root => Overlay.Of(scan.Paths, root));
        RefuseProblems(
        [
            .. config.ConfPaths.Where(path => own[path] is null && !IsMade).Select(path => new FileProblem.Missing(path)),
            .. Unfit(included.Entries, path => path),
            .. overlays.Values.SelectMany(overlay => Unfit(overlay.Entries, overlay.SourceOf)),
            .. TemplateProblems(overlays),
            .. overlays.Values.Where(overlay => overlay.Root != config.PerNode.TemplatesPath)
                .SelectMany(overlay => overlay.Outside(config.ConfPaths).Select(entry => new FileProblem.OwnFileOutside(overlay.SourceOf(entry.Path)))),
            .. trusts ? [] : ForeignOn(scan, included, overlays.Values),
        ]);
        foreach (var file in overlays.Values.SelectMany(overlay => overlay.Entries.Where(entry => entry.Kind == EntryKind.File)
            .Select(entry => scan.Paths[overlay.SourceOf(entry.Path)]!))) contents.AddSource(file);
        var states = await PrimaryException.AttemptAsync(PrimaryStep.PostSync, () => timeline.OfPrimaryAsync(
            TimedStep.PostSync, () => StatesAsync(nodes, scan, included, overlays, cancellation)));
        return new DesiredStates(states, SnapshotDigest.Of(own), scan.Moved, contents) { Included = included };
    }

    // The directories that are scanned beside CONFPATHS.
    private ImmutableArray<string> Roots(IEnumerable<Node> nodes) =>
    [
        .. config.PerNode.HasTemplates && !config.Templates.IsEmpty ? [config.PerNode.TemplatesPath] : Array.Empty<string>(),
        .. nodes.Select(config.PerNode.FilesPathOf).OfType<string>().Distinct(),
    ];

    private static IEnumerable<FileProblem> Unfit(IEnumerable<Entry> entries, Func<string, string> sourceOf) =>
    [
        .. entries.Where(entry => entry.Kind == EntryKind.Special).Select(entry => new FileProblem.Special(sourceOf(entry.Path))),
        .. entries.Where(entry => entry is { Kind: EntryKind.File, Digest: null }).Select(entry => new FileProblem.Unreadable(sourceOf(entry.Path))),
    ];

    private IEnumerable<FileProblem> TemplateProblems(ImmutableDictionary<string, Overlay> overlays)
    {
        var templates = overlays.GetValueOrDefault(config.PerNode.TemplatesPath)?.Entries ?? [];
        foreach (var path in config.Templates)
        {
            if (templates.FirstOrDefault(entry => entry.Path == path) is not { Kind: EntryKind.File })
            {
                yield return new FileProblem.NoTemplate(config.PerNode.TemplatesPath + path);
            }
            if (exclude.Protects(path, EntryKind.File, config.ConfPaths)) yield return new FileProblem.TemplateExcluded(path);
        }
    }

    private IEnumerable<FileProblem> ForeignOn(Scan scan, Snapshot included, IEnumerable<Overlay> overlays)
    {
        var directories = new ForeignDirectories(PrimaryShell.TrustedUsers);
        var tops = config.ConfPaths.Select(path => scan.Paths[path]).OfType<Entry>();
        var roots = overlays.SelectMany(overlay => scan.Paths.Entries.Where(entry => PosixPath.IsAtOrBeneath(entry.Path, overlay.Root)));
        var foreign = ForeignDirectories.Distinct(
            directories.AmongAncestors([.. scan.Ancestors, .. scan.Beyond], tops).Concat(directories.Within(included.Entries.Concat(roots))));
        return foreign.IsEmpty ? [] : [new FileProblem.ForeignDirectories(foreign)];
    }

    private async Task<ImmutableDictionary<Node, DesiredState>> StatesAsync(
        IReadOnlyCollection<Node> nodes, Scan scan, Snapshot included, ImmutableDictionary<string, Overlay> overlays, CancellationToken cancellation)
    {
        var templates = overlays.GetValueOrDefault(config.PerNode.TemplatesPath)?.Only(config.Templates);
        var ancestors = scan.Ancestors.Where(entry => config.ConfPaths.Any(path => PosixPath.IsAtOrBeneath(path, entry.Path))).ToList();
        var states = ImmutableDictionary.CreateBuilder<Node, DesiredState>();
        var inapplicable = new List<PostSyncProblem>();
        var unfilled = new List<FileProblem>();
        DesiredState? shared = null;
        foreach (var node in nodes)
        {
            var files = config.PerNode.FilesPathOf(node) is { } root ? overlays[root] : null;
            var isLikeOthers = templates is null && config.PerNode.Cluster?.MemberOf(node) is null && files is null && !config.PostSync.Any(rule => rule.For is not null && rule.IsFor(node, config.Nodes));
            if (isLikeOthers && shared is not null)
            {
                states[node] = shared;
                continue;
            }
            var below = WithKeepalived(included, node);
            if (templates is not null)
            {
                var (filled, problems) = await FillAsync(templates, node, cancellation);
                unfilled.AddRange(problems);
                below = filled.Over(below, config.ConfPaths);
            }
            if (files is not null) below = files.Over(below, config.ConfPaths);
            if (!ReferenceEquals(below, included)) (below, _) = exclude.Divide(below, config.ConfPaths);
            var synced = await PostSync.ApplyAsync(
                below, [.. config.PostSync.Where(rule => rule.IsFor(node, config.Nodes))], EditAsync, ReadAsync, cancellation);
            inapplicable.AddRange(synced.Problems);
            foreach (var (path, content) in synced.Contents) contents.Add(synced.Desired[path]!.Digest!, content);
            states[node] = new DesiredState(synced.Desired, ancestors, SnapshotDigest.Of(synced.Desired, config.Scope), contents)
            {
                Own = [.. (files?.Entries ?? []).Where(entry => entry.Kind != EntryKind.Directory).Select(entry => entry.Path)],
            };
            if (isLikeOthers) shared = states[node];
        }
        RefuseProblems([.. unfilled.Distinct()]);
        if (inapplicable.Count > 0) throw new PrimaryException(PrimaryStep.PostSync, new PrimaryFault.PostSyncInapplicable([.. inapplicable.Distinct()]));
        return states.ToImmutable();
    }

    // A member gets the files of its cluster where CONFPATHS hold them.
    private Snapshot WithKeepalived(Snapshot included, Node node)
    {
        if (config.PerNode.Cluster is not { } cluster || cluster.MemberOf(node) is not { } member) return included;
        var files = KeepalivedFiles.Of(cluster, member);
        foreach (var file in files) contents.Add(file.Entry.Digest!, PosixText.Encode(file.Text));
        return new Overlay("", [.. files.Select(file => file.Entry)]).Over(included, config.ConfPaths);
    }

    private async Task<(Overlay Filled, IEnumerable<FileProblem> Problems)> FillAsync(Overlay templates, Node node, CancellationToken cancellation)
    {
        var problems = new List<FileProblem>();
        var entries = ImmutableArray.CreateBuilder<Entry>();
        foreach (var entry in templates.Entries)
        {
            if (entry.Kind != EntryKind.File)
            {
                entries.Add(entry);
                continue;
            }
            var (text, unfilled) = Template.Render(
                PosixText.Decode((await ReadAsync(entry, cancellation)).Span), name => config.PerNode.ValueOf(node, name));
            problems.AddRange(unfilled.Select(problem => ProblemOf(templates.SourceOf(entry.Path), problem, node)));
            var content = PosixText.Encode(text);
            var filled = entry with { Digest = Convert.ToHexStringLower(SHA256.HashData(content)), Size = content.Length };
            contents.Add(filled.Digest, content);
            entries.Add(filled);
        }
        return (templates with { Entries = entries.ToImmutable() }, problems);
    }

    private FileProblem ProblemOf(string path, TemplateProblem problem, Node node) => problem.Name is { } name
        ? new FileProblem.NoValue(path, problem.Line, name, node, config.PerNode.ValuesPathOf(node))
        : new FileProblem.NoMark(path, problem.Line);

    private async ValueTask<byte[]> EditAsync(PostSyncRule rule, ReadOnlyMemory<byte> before, CancellationToken cancellation)
    {
        var key = (rule, Convert.ToHexStringLower(SHA256.HashData(before.Span)));
        if (!edited.TryGetValue(key, out var after)) edited[key] = after = await sed.RenderAsync(rule, before, cancellation);
        return after;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Entry file, CancellationToken cancellation)
    {
        await contents.LoadAsync([file], cancellation);
        return contents.Of(file);
    }

    private static void RefuseProblems(ImmutableArray<FileProblem> problems)
    {
        if (!problems.IsEmpty) throw new PrimaryException(PrimaryStep.Scan, new PrimaryFault.CannotBePushed(problems));
    }
}
