using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>
/// The way back over some generations, those above the one that is wanted: what each path that they touched is to be
/// again, and what it is if nobody else has touched it since.
/// </summary>
public sealed class RollbackPlan
{
    private readonly SortedDictionary<string, Step> steps = new(StringComparer.Ordinal);

    /// <summary>One path's.</summary>
    /// <param name="Target">What it was before the lowest generation that touched it; null for nothing.</param>
    /// <param name="Expected">What the highest one made of it; null for nothing.</param>
    /// <param name="Content">Where the target's bytes are, if it is a file.</param>
    private sealed record Step(int Generation, Entry? Target, Entry? Expected, RetainedFile? Content);

    /// <param name="above">All generations above the one that is wanted, with all of their changes.</param>
    /// <exception cref="FormatException">A generation does not say where it keeps something.</exception>
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

    /// <summary>Whether the peer is still as the generations left it, and what it ought to hold to be as it was.</summary>
    /// <param name="peer">All that was seen on the peer, what EXCLUDE matches included.</param>
    /// <param name="above">The directories above the CONFPATHS that exist there.</param>
    public Result For(Snapshot peer, IEnumerable<Entry> above, ExcludeRules exclude, IReadOnlyList<string> confPaths)
    {
        var (included, excluded) = exclude.Divide(peer, confPaths);
        var edited = steps.Where(pair => !IsAsLeft(included[pair.Key], pair.Value)).Select(pair => pair.Key)
            .Concat(included.Entries.Select(entry => entry.Path).Where(IsMadeSince)).Order(StringComparer.Ordinal);
        var targets = steps.Values.Select(step => step.Target).OfType<Entry>().ToList();
        var desired = new Snapshot(
            included.Entries.Where(entry => !steps.ContainsKey(entry.Path) && !IsMadeSince(entry.Path)).Concat(targets));

        var directories = peer.Entries.Concat(above).Where(entry => entry.Kind == EntryKind.Directory && !steps.ContainsKey(entry.Path))
            .Concat(targets.Where(entry => entry.Kind == EntryKind.Directory))
            .Select(entry => entry.Path).Append("/").ToHashSet(StringComparer.Ordinal);
        // By today's rules, whatever they were then. What is in an excluded directory may not have been looked at.
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
            [.. outside],
            [.. targets.Select(entry => entry.Path).Where(path => !directories.Contains(PosixPath.Parent(path)!))]);
    }

    // As the way back would make it is as good: somebody went it by hand.
    private static bool IsAsLeft(Entry? now, Step step) => IsSame(now, step.Expected) || IsSame(now, step.Target);

    private static bool IsSame(Entry? now, Entry? then) =>
        then is null ? now is null : now is not null && now.HasContentOf(then) && now.HasAttributesOf(then);

    // In a directory that is to go, and not by these generations.
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

    /// <param name="Desired">What the peer ought to hold, less EXCLUDE: what it holds, with what is to go back put in.</param>
    /// <param name="Contents">By path, where the bytes of the files that go back are.</param>
    /// <param name="Edited">Paths that somebody else has changed since; what they hold would be lost.</param>
    /// <param name="Outside">Paths that may not be touched today: outside of CONFPATHS, or excluded.</param>
    /// <param name="Homeless">Paths that cannot go back, since the directory is missing that would hold them.</param>
    public sealed record Result(
        Snapshot Desired, ImmutableDictionary<string, RetainedFile> Contents,
        ImmutableArray<string> Edited, ImmutableArray<string> Outside, ImmutableArray<string> Homeless);
}
