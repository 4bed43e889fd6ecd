using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>What people read of a pattern that matches nothing. Pure.</summary>
internal static class PatternText
{
    public static string Unmatched(NamedPattern pattern) =>
        $"nginx-sync: warning: {pattern.Variable}: pattern '{PosixText.Printable(pattern.Text)}' matches nothing, neither on this machine nor on " +
        "any node: is it written as it is meant?";
}
