using System.Collections.Immutable;
using DiffPlex;
using DiffPlex.Model;

namespace ConfSync.Compare;

/// <summary>Hunks of two texts, with the lines around each change as <c>diff -u</c> gives them. Pure.</summary>
internal static class Hunks
{
    private const int Context = 3;

    /// <param name="remote">What is there; empty where nothing is.</param>
    /// <param name="local">What it is to become.</param>
    /// <returns>None for equal texts.</returns>
    public static ImmutableArray<Hunk> Between(string remote, string local)
    {
        var diff = new Differ().CreateCustomDiffs(remote, local, ignoreWhiteSpace: false, ignoreCase: false, Lines);
        var hunks = ImmutableArray.CreateBuilder<Hunk>();
        var blocks = diff.DiffBlocks;
        for (var first = 0; first < blocks.Count;)
        {
            var last = first;
            // Two changes whose contexts touch are one hunk.
            while (last + 1 < blocks.Count && blocks[last + 1].DeleteStartA - End(blocks[last]) <= 2 * Context) last++;
            hunks.Add(HunkOf(diff, first, last));
            first = last + 1;
        }
        return hunks.ToImmutable();
    }

    private static Hunk HunkOf(DiffResult diff, int first, int last)
    {
        var blocks = diff.DiffBlocks;
        var before = Math.Min(Context, blocks[first].DeleteStartA);
        var remoteStart = blocks[first].DeleteStartA - before;
        var localStart = blocks[first].InsertStartB - before;
        var lines = ImmutableArray.CreateBuilder<DiffLine>();
        var remote = remoteStart;
        for (var i = first; i <= last; i++)
        {
            var block = blocks[i];
            Add(DiffLineKind.Context, diff.PiecesOld, remote, block.DeleteStartA);
            Add(DiffLineKind.Removed, diff.PiecesOld, block.DeleteStartA, End(block));
            Add(DiffLineKind.Added, diff.PiecesNew, block.InsertStartB, block.InsertStartB + block.InsertCountB);
            remote = End(block);
        }
        Add(DiffLineKind.Context, diff.PiecesOld, remote, Math.Min(remote + Context, diff.PiecesOld.Length));
        var remoteCount = lines.Count(line => line.Kind != DiffLineKind.Added);
        var localCount = lines.Count(line => line.Kind != DiffLineKind.Removed);
        return new Hunk(
            remoteCount == 0 ? remoteStart : remoteStart + 1, remoteCount,
            localCount == 0 ? localStart : localStart + 1, localCount, lines.ToImmutable());

        void Add(DiffLineKind kind, IReadOnlyList<string> pieces, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                lines.Add(pieces[i].EndsWith('\n')
                    ? new DiffLine(kind, pieces[i][..^1])
                    : new DiffLine(kind, pieces[i], EndsWithNewline: false));
            }
        }
    }

    // Lines as POSIX has them: ended by a newline, which belongs to them. So a last line without one differs from one
    // with it, and a carriage return is a character like any other.
    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) + 1;
            if (end == 0) end = text.Length;
            lines.Add(text[start..end]);
        }
        return [.. lines];
    }

    private static int End(DiffBlock block) => block.DeleteStartA + block.DeleteCountA;
}
