using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>The plan of a roll-back over all generations above the target: what each path that they touched was before, and
/// what it is now if no other process has touched it since.</summary>
public sealed class RollbackPlan
{
    private readonly SortedDictionary<string, Step> steps = new(StringComparer.Ordinal);

    /// <summary>The plan for one path.</summary>
    /// <param name="Target">What the path was before the lowest generation that touched it; null for nothing.</param>
    /// <param name="Expected">What the highest generation made of it; null for nothing.</param>
    /// <param name="Content">Where the content of the target is, if it is a file.</param>
    private sealed record Step(int Generation, Entry? Target, Entry? Expected, RetainedFile? Content);

    /// <param name="above">All generations above the target, with all their changes.</param>
    /// <exception cref="FormatException">A generation does not say where it retains a file.</exception>
    public RollbackPlan(IEnumerable<Generation> above)
    {
        foreach (var generation in above.OrderBy(generation => generation.Number))
        {
            var retained = generation.Retained.ToDictionary(path => path.Path, StringComparer.Ordinal);
            foreach (var change in generation.Changes)
            {
                steps[change.Path] = steps.TryGetValue(change.Path, out var step)
                    ? step with { Expected = change.After }
                    : new Step(generation.Number, change.Before, change.After, ContentOf(change, generation.Number, retained));
            }
        }
    }

    /// <summary>Compares the peer with what the generations left, and finds what it ought to hold after the
    /// roll-back.</summary>
    /// <param name="peer">All that was scanned on the peer, including what EXCLUDE takes out.</param>
    /// <param name="above">The ancestors that exist on the peer.</param>
    public Result For(Snapshot peer, IEnumerable<Entry> above, ExcludeRules exclude, IReadOnlyList<string> confPaths)
    {
        var (included, excluded) = exclude.Divide(peer, confPaths);
        // A push of another configuration file, and the roll-back of it, together change nothing outside of this one.
        var steps = this.steps.Where(pair => !IsSame(pair.Value.Expected, pair.Value.Target) || confPaths.Any(top => PosixPath.IsAtOrBeneath(pair.Key, top)))
            .ToDictionary(StringComparer.Ordinal);
        var edited = steps.Where(pair => !IsAsLeft(included[pair.Key], pair.Value)).Select(pair => pair.Key)
            .Concat(included.Entries.Select(entry => entry.Path).Where(IsMadeSince)).Order(StringComparer.Ordinal);
        var targets = steps.Values.Select(step => step.Target).OfType<Entry>().ToList();
        var desired = new Snapshot(
            included.Entries.Where(entry => !steps.ContainsKey(entry.Path) && !IsMadeSince(entry.Path)).Concat(targets));

        var directories = peer.Entries.Concat(above).Where(entry => entry.Kind == EntryKind.Directory && !steps.ContainsKey(entry.Path))
            .Concat(targets.Where(entry => entry.Kind == EntryKind.Directory))
            .Select(entry => entry.Path).Append("/").ToHashSet(StringComparer.Ordinal);
        // Applies today's rules, not those of the generations. Files in an excluded directory may not have been scanned.
        var left = steps.Values.Select(step => step.Expected).OfType<Entry>().Where(entry => desired[entry.Path] is null);
        var (_, protectedNow) = exclude.Divide(new Snapshot(desired.Entries.Concat(left)), confPaths);
        var outside = steps.Keys.Where(path =>
            excluded[path] is not null || protectedNow[path] is not null ||
            !confPaths.Any(top => PosixPath.IsAtOrBeneath(path, top)));
        return new Result(
            desired,
            steps.Values.Where(step => step.Content is not null)
                .ToImmutableDictionary(step => step.Target!.Path, step => step.Content!, StringComparer.Ordinal),
            [.. edited],
            [.. outside.Order(StringComparer.Ordinal)],
            [.. targets.Select(entry => entry.Path).Where(path => !directories.Contains(PosixPath.Parent(path)!))]);
    }

    // A path that already is as the roll-back would make it is accepted as well: the administrator may have restored it by
    // hand.
    private static bool IsAsLeft(Entry? now, Step step) => IsSame(now, step.Expected) || IsSame(now, step.Target);

    private static bool IsSame(Entry? now, Entry? then) =>
        then is null ? now is null : now is not null && now.HasContentOf(then) && now.HasAttributesOf(then);

    // True for a path that no generation made, in a directory that the roll-back removes.
    private bool IsMadeSince(string path) => !steps.ContainsKey(path) &&
        PosixPath.Ancestors(path).Any(above => steps.TryGetValue(above, out var step) && step.Target is not { Kind: EntryKind.Directory });

    private static RetainedFile? ContentOf(Change change, int generation, Dictionary<string, RetainedPath> retained)
    {
        if (change.Before is not { Kind: EntryKind.File } file) return null;
        var top = PosixPath.Ancestors(file.Path).Prepend(file.Path).FirstOrDefault(retained.ContainsKey);
        if (top is null || file.Digest is null)
        {
            throw new FormatException($"generation {generation} does not keep {PosixText.Printable(file.Path)}");
        }
        return new RetainedFile(generation, retained[top].Part, PosixPath.Relative(PosixPath.Parent(top)!, file.Path));
    }

    /// <param name="Desired">What the peer ought to hold, without what EXCLUDE takes out: what it holds, with the changes
    /// of the roll-back applied.</param>
    /// <param name="Contents">Where the contents of the files that come back are, by path.</param>
    /// <param name="Edited">Paths that another process has changed since. The roll-back would overwrite them.</param>
    /// <param name="Outside">Paths that CONFPATHS and EXCLUDE do not allow to be touched today.</param>
    /// <param name="Homeless">Paths that cannot come back because the directory above them is missing.</param>
    public sealed record Result(
        Snapshot Desired, ImmutableDictionary<string, RetainedFile> Contents,
        ImmutableArray<string> Edited, ImmutableArray<string> Outside, ImmutableArray<string> Homeless);
}
