using ConfSync.Bytes;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>The note about files that nginx reads here and that do not travel. Pure.</summary>
internal static class OutsideText
{
    private const int Few = 3;

    /// <param name="all">Every file that is known is named.</param>
    /// <returns>Nothing where there are none.</returns>
    public static IEnumerable<string> Lines(OutsideFiles outside, bool all)
    {
        if (outside.Count == 0) yield break;
        var named = string.Join(' ', outside.Some.Take(Few).Select(PosixText.Printable));
        var more = outside.Count > Few ? all ? " …" : " … (all with -r)" : "";
        yield return $"nginx here also reads {outside.Count} {(outside.Count == 1 ? "file" : "files")} outside CONFPATHS, "
            + $"which stay as they are on the nodes: {named}{more}";
        if (!all) yield break;
        foreach (var file in outside.Some) yield return $"    {PosixText.Printable(file)}";
        if (outside.Count > outside.Some.Count) yield return $"    and {outside.Count - outside.Some.Count} more";
    }
}
