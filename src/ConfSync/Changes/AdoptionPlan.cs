using System.Collections.Immutable;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>What a path of a node is made from on the primary, so that the node's content does not say what the primary's would
/// have to be.</summary>
public enum MadeFrom
{
    Template,

    /// <summary>A whole file of the node's own.</summary>
    OwnFile,
    PostSync,

    /// <summary>cluster.conf.</summary>
    Cluster,
}

/// <summary>A path that the node holds otherwise than the primary makes it.</summary>
public sealed record MadePath(string Path, MadeFrom From);

/// <summary>How the primary's own files become such that a push of them would leave a node as it is. Pure.</summary>
/// <param name="Desired">What the primary ought to hold, without what EXCLUDE takes out.</param>
/// <param name="Taken">The files whose contents have to come from the node.</param>
/// <param name="Made">The paths for which that cannot be told. If there are any, nothing is taken over.</param>
public sealed record AdoptionPlan(Snapshot Desired, ImmutableArray<Entry> Taken, ImmutableArray<MadePath> Made)
{
    /// <param name="here">What the primary holds, without what EXCLUDE takes out.</param>
    /// <param name="pushed">What the primary would push to the node.</param>
    /// <param name="held">What the node holds, without what EXCLUDE takes out.</param>
    /// <param name="madeFrom">What the primary makes a path from for this node; null where it pushes its own file as it is.</param>
    public static AdoptionPlan Of(Snapshot here, Snapshot pushed, Snapshot held, Func<string, MadeFrom?> madeFrom)
    {
        var desired = new List<Entry>();
        var made = ImmutableArray.CreateBuilder<MadePath>();
        foreach (var path in here.Entries.Concat(pushed.Entries).Concat(held.Entries).Select(entry => entry.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var isAsPushed = AreSame(pushed[path], held[path]);
            if (!isAsPushed && madeFrom(path) is { } from) made.Add(new MadePath(path, from));
            // What a push leaves as it is there says nothing against what is here, which may be something else on purpose.
            if ((isAsPushed ? here[path] : held[path]) is { } entry) desired.Add(entry);
        }
        return new AdoptionPlan(
            new Snapshot(desired),
            [.. desired.Where(entry => entry.Kind == EntryKind.File && entry.Digest is not null && here[entry.Path]?.Digest != entry.Digest)],
            made.ToImmutable());
    }

    private static bool AreSame(Entry? one, Entry? other) =>
        one is null || other is null ? one is null && other is null : one.HasContentOf(other) && one.HasAttributesOf(other);
}
