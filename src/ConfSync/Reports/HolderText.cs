using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>Why a push is not this machine's to make, for people. Pure.</summary>
internal static class HolderText
{
    /// <param name="holder">The machine that holds the address; null where that is not known.</param>
    public static string Of(HolderAnswer.HoldsNot elsewhere, string? holder)
    {
        var address = $"{elsewhere.Address} ({PosixText.Printable(elsewhere.Instance)})";
        var why = elsewhere.IsStale ? $"this machine has {address} and its keepalived does not hold it" : $"this machine does not hold {address}";
        return $"{why}{(holder is null ? "" : $"; {holder} does")}. Nothing was done.";
    }

    /// <summary>Why this machine cannot tell.</summary>
    /// <param name="instance">The instance that was asked for; null or empty for the first one.</param>
    public static string Problem(HolderAnswer answer, string? instance, NodeDirectory directory) => answer switch
    {
        HolderAnswer.NoInstance { Known: [] } =>
            $"no virtual address is known here: there is no {PosixText.Printable(directory.ClusterPath)}, and keepalived of this machine names none",
        HolderAnswer.NoInstance { Known: var known } =>
            $"there is no instance {PosixText.Printable(instance ?? "")}: there are {string.Join(", ", known.Select(PosixText.Printable))}",
        HolderAnswer.Untold { Words: { } words } => $"it is not known which addresses this machine holds: {PosixText.PrintableLines(words)}",
        HolderAnswer.Untold => "it is not known which addresses this machine holds: is there a program ip?",
        _ => throw new UnreachableException(),
    };
}
