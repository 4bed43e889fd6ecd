namespace ConfSync.Bytes;

/// <summary>Finds the known word that a misspelt word most likely stands for.</summary>
public static class Spelling
{
    /// <summary>The word of <paramref name="known"/> that is nearest; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => AllNearest(word, known) is [var nearest, ..] ? nearest : null;

    /// <summary>All words of <paramref name="known"/> that are nearest: at most two letters away, or one letter for a word
    /// of four letters or fewer, because two letters are half of it. Empty where none is near.</summary>
    public static IReadOnlyList<string> AllNearest(string word, IEnumerable<string> known)
    {
        var near = known.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(candidate => candidate.Distance <= 2 && candidate.Distance * 2 < candidate.Name.Length).ToList();
        return [.. near.Where(candidate => candidate.Distance == near.Min(other => other.Distance)).Select(candidate => candidate.Name)];
    }

    /// <summary>How many letters must be inserted, removed, replaced or swapped with their neighbour (the optimal string
    /// alignment distance).</summary>
    private static int Distance(string a, string b)
    {
        // Such words are too far apart in any case, and a name of a megabyte must not make a table.
        if (Math.Abs(a.Length - b.Length) > 2) return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}
