using System.Collections.Immutable;

namespace ConfSync.SystemTests.Faults;

/// <summary>A generation that a peer keeps.</summary>
internal sealed record KeptGeneration(int Number, HeldTree Before, HeldTree After);

/// <summary>What one peer holds, as far as anybody can see.</summary>
/// <param name="Serves">The word that its site answers.</param>
/// <param name="Last">The number of its last generation; 0 if it never had one.</param>
/// <param name="Generations">Those that it keeps, the last one at the end.</param>
internal sealed record PeerState(HeldTree Tree, string Serves, int Last, ImmutableList<KeptGeneration> Generations)
{
    /// <summary>KEEP.</summary>
    public const int Keep = 6;

    /// <summary>The peer took this configuration.</summary>
    public PeerState Given(HeldTree desired, bool reload = true)
    {
        var serves = reload ? ProgramSite.WordOf(desired) : Serves;
        if (desired.Equals(Tree)) return this with { Serves = serves };
        var generations = Generations.Add(new KeptGeneration(Last + 1, Tree, desired));
        return new PeerState(desired, serves, Last + 1, generations.RemoveRange(0, Math.Max(0, generations.Count - Keep)));
    }

    /// <summary>The peer has what it had; perhaps nginx was told to read it once more.</summary>
    public IEnumerable<PeerState> AsItWas()
    {
        yield return this;
        if (ProgramSite.WordOf(Tree) != Serves) yield return this with { Serves = ProgramSite.WordOf(Tree) };
    }

    /// <summary>What it is to hold after a roll-back; null where that is refused.</summary>
    /// <param name="to">The generation that is meant.</param>
    public HeldTree? RollbackPlanTo(int to, bool force)
    {
        if (Generations.IsEmpty || to < Generations[0].Number - 1 || to > Last) return null;
        var above = Generations.Where(generation => generation.Number > to).ToList();
        var targets = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var expected = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var generation in above)
        {
            foreach (var path in generation.After.DifferingFrom(generation.Before))
            {
                targets.TryAdd(path, generation.Before[path]);
                expected[path] = generation.After[path];
            }
        }
        var strangers = Tree.Entries.Keys
            .Where(path => !targets.ContainsKey(path) && AreAbove(path).Any(top => targets.TryGetValue(top, out var then) && then is not ['d', ..]))
            .ToList();
        var isEdited = strangers.Count > 0 ||
            targets.Any(target => Tree[target.Key] != target.Value && Tree[target.Key] != expected[target.Key]);
        if (isEdited && !force) return null;
        var result = Tree.With(targets.Concat(strangers.Select(path => KeyValuePair.Create(path, (string?)null))));
        var isHomeless = targets.Any(target => target.Value is not null && !result.IsDirectory(AreAbove(target.Key).First()));
        return isHomeless ? null : result;
    }

    // Lists are equal if what is in them is.
    public bool Equals(PeerState? other) =>
        other is not null && Tree.Equals(other.Tree) && Serves == other.Serves && Last == other.Last &&
        Generations.SequenceEqual(other.Generations);

    public override int GetHashCode() => HashCode.Combine(Tree, Serves, Last);

    public override string ToString() =>
        $"serves {Serves}, generations {string.Join(' ', Generations.Select(generation => generation.Number))}";

    // The nearest one first; what is above CONFPATHS is always there.
    private static IEnumerable<string> AreAbove(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) yield return path[..slash];
    }
}
