using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Runs;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace ConfSync.Reports;

/// <summary>A part of a line.</summary>
/// <param name="Text">Safe to show: what is no ordinary character stands there as <c>\xHH</c>.</param>
/// <param name="Changed">The other side does not have it.</param>
public sealed record SidePart(string Text, bool Changed);

/// <summary>One line of one side; null in a <see cref="SideRow"/> where that side has none.</summary>
public sealed record SideCell(int Number, bool Changed, ImmutableArray<SidePart> Parts)
{
    public string Text => string.Concat(Parts.Select(part => part.Text));
}

/// <summary>Two lines that stand beside each other.</summary>
public sealed record SideRow(SideCell? Remote, SideCell? Local);

/// <summary>A hunk as two columns, with changes inside lines marked: DiffPlex's side-by-side model. Pure.</summary>
public static class SideBySide
{
    public static IEnumerable<SideRow> Rows(Hunk hunk) => hunk.Lines.Length > Hunks.MostLines ? Unpaired(hunk) : Paired(hunk);

    private static IEnumerable<SideRow> Unpaired(Hunk hunk)
    {
        int remote = hunk.RemoteStart, local = hunk.LocalStart;
        foreach (var line in hunk.Lines)
        {
            var isChanged = line.Kind != DiffLineKind.Context;
            ImmutableArray<SidePart> parts = [new SidePart(Shown(line), isChanged)];
            yield return new SideRow(
                line.Kind == DiffLineKind.Added ? null : new SideCell(remote++, isChanged, parts),
                line.Kind == DiffLineKind.Removed ? null : new SideCell(local++, isChanged, parts));
        }
    }

    private static IEnumerable<SideRow> Paired(Hunk hunk)
    {
        var model = new SideBySideDiffBuilder(new Differ())
            .BuildDiffModel(Text(hunk, DiffLineKind.Added), Text(hunk, DiffLineKind.Removed), false);
        var remote = model.OldText.Lines;
        var local = model.NewText.Lines;
        for (var i = 0; i < remote.Count; i++)
        {
            var row = new SideRow(Cell(remote[i], hunk.RemoteStart), Cell(local[i], hunk.LocalStart));
            if (row.Remote is not null || row.Local is not null) yield return row;
        }
    }

    private static string Text(Hunk hunk, DiffLineKind without) =>
        string.Join('\n', hunk.Lines.Where(line => line.Kind != without).Select(Shown));

    // A carriage return and a missing newline are differences that a reader looks for.
    private static string Shown(DiffLine line)
    {
        var text = ShownText.Line(line.Text).Replace("\r", @"\x0d", StringComparison.Ordinal);
        return line.EndsWithNewline ? text : text + " \u21E5 no newline at end of file";
    }

    private static SideCell? Cell(DiffPiece piece, int start)
    {
        if (piece.Position is not { } position) return null;
        var parts = piece.Type == ChangeType.Modified
            ? piece.SubPieces.Where(part => part.Text is { Length: > 0 })
                .Select(part => new SidePart(part.Text, part.Type != ChangeType.Unchanged))
            : [new SidePart(piece.Text ?? "", piece.Type != ChangeType.Unchanged)];
        return new SideCell(start + position - 1, piece.Type != ChangeType.Unchanged, [.. parts]);
    }
}
