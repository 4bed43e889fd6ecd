using System.Collections.Immutable;
using ConfSync.Changes;
using DiffPlex;
using DiffPlex.Model;

namespace ConfSync.Runs;

/// <summary>Makes the hunks between two texts, with context lines as <c>diff -u</c> gives them. Pure.</summary>
internal static class Hunks
{
    /// <summary>
    /// The most lines of both sides together that are compared line by line. Above it, all lines between the first and the
    /// last change are one change, because the time for the smallest diff grows with the square of the lines.
    /// </summary>
    public const int MostLines = 20_000;

    private const int Context = 3;

    /// <param name="remote">The text on the node; empty where there is none.</param>
    /// <param name="local">The text that the node is to have.</param>
    /// <returns>The hunks in order; empty for equal texts.</returns>
    public static ImmutableArray<Hunk> Between(string remote, string local)
    {
        string[] old = Lines(remote), @new = Lines(local);
        var blocks = BlocksOf(old, @new);
        var hunks = ImmutableArray.CreateBuilder<Hunk>();
        for (var first = 0; first < blocks.Count;)
        {
            var last = first;
            // Two changes whose contexts touch are one hunk.
            while (last + 1 < blocks.Count && blocks[last + 1].DeleteStartA - End(blocks[last]) <= 2 * Context) last++;
            hunks.Add(HunkOf(old, @new, blocks, first, last));
            first = last + 1;
        }
        return hunks.ToImmutable();
    }

    // Leaves out the lines that both sides begin and end with, and compares those between.
    private static List<DiffBlock> BlocksOf(string[] old, string[] @new)
    {
        var shorter = Math.Min(old.Length, @new.Length);
        int head = 0, tail = 0;
        while (head < shorter && old[head] == @new[head]) head++;
        while (tail < shorter - head && old[^(tail + 1)] == @new[^(tail + 1)]) tail++;
        string[] oldMiddle = old[head..^tail], newMiddle = @new[head..^tail];
        if (oldMiddle.Length + newMiddle.Length == 0) return [];
        if (oldMiddle.Length + newMiddle.Length > MostLines) return [new DiffBlock(head, oldMiddle.Length, head, newMiddle.Length)];
        var diff = new Differ().CreateCustomDiffs(
            string.Concat(oldMiddle), string.Concat(newMiddle), ignoreWhiteSpace: false, ignoreCase: false, Lines);
        return [.. diff.DiffBlocks.Select(block => new DiffBlock(
            head + block.DeleteStartA, block.DeleteCountA, head + block.InsertStartB, block.InsertCountB))];
    }

    private static Hunk HunkOf(string[] old, string[] @new, List<DiffBlock> blocks, int first, int last)
    {
        var before = Math.Min(Context, blocks[first].DeleteStartA);
        var remoteStart = blocks[first].DeleteStartA - before;
        var localStart = blocks[first].InsertStartB - before;
        var lines = ImmutableArray.CreateBuilder<DiffLine>();
        var remote = remoteStart;
        for (var i = first; i <= last; i++)
        {
            var block = blocks[i];
            Add(DiffLineKind.Context, old, remote, block.DeleteStartA);
            Add(DiffLineKind.Removed, old, block.DeleteStartA, End(block));
            Add(DiffLineKind.Added, @new, block.InsertStartB, block.InsertStartB + block.InsertCountB);
            remote = End(block);
        }
        Add(DiffLineKind.Context, old, remote, Math.Min(remote + Context, old.Length));
        var remoteCount = lines.Count(line => line.Kind != DiffLineKind.Added);
        var localCount = lines.Count(line => line.Kind != DiffLineKind.Removed);
        return new Hunk(
            remoteCount == 0 ? remoteStart : remoteStart + 1, remoteCount,
            localCount == 0 ? localStart : localStart + 1, localCount, lines.ToImmutable());

        void Add(DiffLineKind kind, string[] pieces, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                lines.Add(pieces[i].EndsWith('\n')
                    ? new DiffLine(kind, pieces[i][..^1])
                    : new DiffLine(kind, pieces[i], EndsWithNewline: false));
            }
        }
    }

    // Splits into lines as POSIX defines them: a line includes the newline that ends it. So a last line without a newline
    // differs from one with it, and a carriage return is a character like any other.
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
