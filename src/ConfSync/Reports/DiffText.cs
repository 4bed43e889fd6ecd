using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>How differences are written.</summary>
/// <param name="Color">Marked by colours (ECMA-48), as git does it.</param>
/// <param name="Inexact">What cannot be shown is written as <c>\xHH</c>. Otherwise such a file's diff is left out:
/// patch would take it for what is there.</param>
/// <param name="Columns">Null for unified diffs; otherwise the width for two columns.</param>
public sealed record DiffStyle(bool Color, bool Inexact, int? Columns)
{
    /// <summary>What the header calls the new side: the primary, or in a roll-back what the node retains.</summary>
    public string NewSide { get; init; } = "local";

    /// <summary>What the header calls the old side: the node, or this machine where it is the one that changes.</summary>
    public string OldSide { get; init; } = "remote";
}

/// <summary>Entries with the differences between their contents (<c>-d</c> and <c>-w</c>). Pure.</summary>
public static class DiffText
{
    private const string Bold = "1", Red = "31", Green = "32", Cyan = "36";
    private const int Narrowest = 60;

    /// <summary>What differs on one node, a line each, with the contents' differences where they are known.</summary>
    public static IEnumerable<string> Lines(NodeComparison node, DiffStyle style)
    {
        string? above = null;
        foreach (var entry in node.Entries)
        {
            var isBeneath = entry.State != EntryState.Differs && above is not null &&
                entry.Path.StartsWith(above, StringComparison.Ordinal);
            if (!isBeneath && entry.State != EntryState.Differs) above = entry.Path + "/";
            foreach (var line in Lines(entry, isBeneath, style)) yield return line;
        }
    }

    /// <summary>What a push changes, path by path, each with the differences between its contents, or why they are not
    /// shown.</summary>
    public static IEnumerable<string> OfPush(IEnumerable<ComparedEntry> entries, DiffStyle style)
    {
        foreach (var entry in entries)
        {
            var line = $"    {ChangeText.Of(new Change(entry.Remote, entry.Local))}";
            var isShown = IsShown(entry, style);
            yield return entry.Diff is null || isShown ? line : $"{line} {Why(entry, Hides(entry, style), style.OldSide == "local")}";
            foreach (var text in isShown ? Unified(entry, style) : []) yield return text;
        }
    }

    private static bool IsShown(ComparedEntry entry, DiffStyle style) => entry.Diff is { Kind: ContentDiffKind.Text } && !Hides(entry, style);

    private static bool Hides(ComparedEntry entry, DiffStyle style) =>
        entry.Diff is { Kind: ContentDiffKind.Text } diff && !style.Inexact && !UnifiedDiff.IsExact(diff);

    private static IEnumerable<string> Lines(ComparedEntry entry, bool isBeneath, DiffStyle style)
    {
        var (hides, isShown) = (Hides(entry, style), IsShown(entry, style));
        foreach (var line in CompareText.Lines(entry))
        {
            var isContent = entry.State == EntryState.Differs && line.EndsWith(" differ", StringComparison.Ordinal);
            if (isContent && entry.Diff is not null)
            {
                if (!isShown) yield return line + " " + Why(entry, hides);
            }
            else if (!isBeneath)
            {
                yield return line;
            }
        }
        if (entry.State != EntryState.Differs && entry.Diff is not null && !isShown)
        {
            yield return $"File {(entry.Local is null ? "remote" : "local")}:{PosixText.Printable(entry.Path)} is not shown {Why(entry, hides)}";
        }
        if (!isShown) yield break;
        foreach (var line in style.Columns is { } width ? Columns(entry, Math.Max(width, Narrowest), style.Color) : Unified(entry, style))
        {
            yield return line;
        }
    }

    /// <summary>Why contents are not shown, with what may be said of them.</summary>
    /// <param name="changesHere">The old side is this machine.</param>
    public static string Why(ComparedEntry entry, bool holdsControlCharacters = false, bool changesHere = false)
    {
        var sizes = string.Join(", ", Sides(side => $"{side.Size} bytes"));
        return entry.Diff?.Kind switch
        {
            ContentDiffKind.Secret => $"({Secret(entry.Secrecy)}; SHA-256 begins {string.Join(", ", Sides(side => side.Digest![..8]))})",
            ContentDiffKind.Binary => $"(binary; {sizes})",
            ContentDiffKind.NotUtf8 => $"(not UTF-8; {sizes})",
            ContentDiffKind.TooLarge => $"(larger than DIFF_LIMIT; {sizes})",
            ContentDiffKind.Changed => "(changed while it was compared)",
            _ when holdsControlCharacters => $"(control characters, shown on a terminal only; {sizes})",
            _ => $"({sizes})",
        };

        IEnumerable<string> Sides(Func<Entry, string> what)
        {
            var (here, there) = changesHere ? (entry.Remote, entry.Local) : (entry.Local, entry.Remote);
            if (here is { Kind: EntryKind.File }) yield return $"{what(here)} here";
            if (there is { Kind: EntryKind.File }) yield return $"{what(there)} there";
        }
    }

    private static string Secret(Secrecy secrecy) => secrecy switch
    {
        Secrecy.Name => "secret by its name, see SHOW",
        Secrecy.Mode => "secret, since not everybody may read it, see SHOW",
        Secrecy.Content => "secret: it holds a private key or passwords",
        _ => "secret: REDACT names it",
    };

    private static IEnumerable<string> Unified(ComparedEntry entry, DiffStyle style)
    {
        var number = 0;
        foreach (var line in UnifiedDiff.Lines(entry, style.NewSide, style.OldSide))
        {
            var paint = number++ < 2 ? Bold : line[0] switch { '@' => Cyan, '-' => Red, '+' => Green, _ => null };
            yield return style.Color && paint is not null ? $"\e[{paint}m{line}\e[m" : line;
        }
    }

    private static IEnumerable<string> Columns(ComparedEntry entry, int width, bool color)
    {
        // A mark between two columns of equal width: "|" differs, "<" only on the left, ">" only on the right, as sdiff.
        var column = (width - 3) / 2;
        var path = PosixText.Printable(entry.Path);
        var head = $"{ScreenText.Fit($"remote:{path}", column)}   {ScreenText.Fit($"local:{path}", column)}".TrimEnd();
        yield return color ? $"\e[{Bold}m{head}\e[m" : head;
        foreach (var hunk in entry.Diff!.Hunks)
        {
            var at = $"@@ -{hunk.RemoteStart},{hunk.RemoteCount} +{hunk.LocalStart},{hunk.LocalCount} @@";
            yield return color ? $"\e[{Cyan}m{at}\e[m" : at;
            foreach (var row in SideBySide.Rows(hunk))
            {
                var mark = row switch
                {
                    { Local: null } => '<',
                    { Remote: null } => '>',
                    { Local.Changed: true } or { Remote.Changed: true } => '|',
                    _ => ' ',
                };
                var left = ScreenText.Fit(row.Remote?.Text ?? "", column);
                var right = ScreenText.Fit(row.Local?.Text ?? "", column);
                if (color && mark != ' ') (left, right) = ($"\e[{Red}m{left}\e[m", $"\e[{Green}m{right.TrimEnd()}\e[m");
                yield return $"{left} {mark} {right}".TrimEnd();
            }
        }
    }
}
