using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>A path that changes, as one line. Pure.</summary>
internal static class ChangeText
{
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
