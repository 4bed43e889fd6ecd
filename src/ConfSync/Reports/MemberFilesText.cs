using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>keepalived's files of members, for people: each member with the file that is made for it, and with what differs from that
/// there. Pure.</summary>
internal static class MemberFilesText
{
    /// <param name="quiet">Only what differs or was not looked at.</param>
    public static IEnumerable<string> Lines(ImmutableArray<MemberFiles> members, bool quiet, DiffStyle style)
    {
        foreach (var member in members.Where(member => !quiet || !IsAsMade(member)))
        {
            yield return $" * {PosixText.Printable(member.Member.Name)}: {Verdict(member)}\n";
            foreach (var line in quiet ? [] : member.Configuration.TrimEnd('\n').Split('\n')) yield return ShownText.Line(line);
            if (!quiet) yield return "";
            if (member.Failure is { } failure) yield return $"{PosixText.PrintableLines(CompareText.Of(failure))}\n";
            foreach (var line in DiffText.OfPush(member.Differences, style)) yield return line;
            if (member.Differences.Any(IsOnlyInPassword)) yield return "    Only the password differs, which is not shown.";
            if (!member.Differences.IsEmpty) yield return "";
        }
    }

    /// <summary>It was looked at, and is as it is to be.</summary>
    public static bool IsAsMade(MemberFiles member) => member is { Failure: null, IsOutside: false, Differences.IsEmpty: true };

    private static bool IsOnlyInPassword(ComparedEntry entry) =>
        entry is { Local: { } local, Remote: { } remote, Diff: { Kind: ContentDiffKind.Text, Hunks.IsEmpty: true } } && local.Digest != remote.Digest;

    private static string Verdict(MemberFiles member) => member switch
    {
        { Failure: { } failure } => $"could not be looked at ({MessageCodes.Of(failure)})",
        { IsOutside: true } => "it is neither in NODES nor this primary, and was not looked at",
        { Differences.IsEmpty: true } => "it has what the definition makes",
        { IsEdited: true } => "its keepalived.conf was edited there since a push wrote it",
        _ => "it has something else than the definition makes",
    };
}
