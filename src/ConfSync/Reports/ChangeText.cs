using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>What changes on a node. Pure; names are made safe to show.</summary>
internal static class ChangeText
{
    private const int MostDeletionsNamed = 20;

    /// <summary>How much a push changes, and what: the deletions, or every path.</summary>
    public static IEnumerable<string> Lines(IReadOnlyCollection<Change> changes, bool all)
    {
        yield return $"    {Count(changes)}";
        var deletions = changes.Where(change => change.Kind == ChangeKind.Delete).ToList();
        foreach (var change in all ? changes : deletions.Take(MostDeletionsNamed)) yield return $"    {Of(change)}";
        if (!all && deletions.Count > MostDeletionsNamed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"    and {deletions.Count - MostDeletionsNamed} more deleted (-r names them)");
        }
    }

    /// <summary>Such as <c>3 changed, 1 created, 1 deleted</c>; what there is none of is left out.</summary>
    public static string Count(IReadOnlyCollection<Change> changes)
    {
        var parts = new[]
        {
            (Count: changes.Count(change => change.Kind is ChangeKind.Replace or ChangeKind.Attributes), What: "changed"),
            (Count: changes.Count(change => change.Kind == ChangeKind.Create), What: "created"),
            (Count: changes.Count(change => change.Kind == ChangeKind.Delete), What: "deleted"),
        };
        return string.Join(", ", parts.Where(part => part.Count > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.What}")));
    }

    public static string Of(Change change) => change.Kind switch
    {
        ChangeKind.Create => $"create  {PosixText.Printable(change.Path)}",
        ChangeKind.Delete => $"delete  {PosixText.Printable(change.Path)}",
        ChangeKind.Attributes => Mode(change),
        _ when change.NeedsContent || change.Before!.Kind != change.After!.Kind || change.After.Target != change.Before.Target =>
            $"replace {PosixText.Printable(change.Path)}",
        _ => Mode(change),
    };

    private static string Mode(Change change) =>
        $"mode    {PosixText.Printable(change.Path)} ({Attributes(change.Before!)} to {Attributes(change.After!)})";

    private static string Attributes(Entry entry) =>
        $"{Convert.ToString(entry.Mode, 8)} {PosixText.Printable(entry.Owner.ToString())}:{PosixText.Printable(entry.Group.ToString())}";
}
