using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>How a message repeats what a file says.</summary>
internal static class Quoted
{
    private const int Longest = 300;

    /// <summary>In quotes, in one line, safe to show, and not without end.</summary>
    public static string Of(string text) =>
        $"\"{PosixText.Printable(text.Length > Longest ? $"{text[..Longest]}…" : text)}\"";
}
