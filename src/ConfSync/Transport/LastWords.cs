namespace ConfSync.Transport;

/// <summary>Takes the end of an output, because reasons come last and a long banner must not hide them.</summary>
internal static class LastWords
{
    private const int Lines = 10;
    private const int LongestLine = 400;

    /// <summary>The last lines that are not empty, and the number of lines that were left out before them.</summary>
    public static string Of(string text)
    {
        var lines = Said(text);
        var last = lines.TakeLast(Lines).Select(line => line.Length > LongestLine ? line[..LongestLine] + " …" : line);
        return string.Join('\n', lines.Count > Lines ? last.Prepend($"({lines.Count - Lines} lines before these are left out)") : last);
    }

    /// <summary>The text without the last line that is equal to this one.</summary>
    public static string Without(string text, string? line)
    {
        var lines = Said(text);
        var index = line is null ? -1 : lines.FindLastIndex(other => other.Trim() == line);
        if (index >= 0) lines.RemoveAt(index);
        return string.Join('\n', lines);
    }

    private static List<string> Said(string text) =>
        [.. text.Split('\n').Select(line => line.TrimEnd('\r', ' ')).Where(line => line.Length > 0)];
}
