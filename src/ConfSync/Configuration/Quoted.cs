using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>Quotes in a message what a file says.</summary>
internal static class Quoted
{
    private const int Longest = 300;

    /// <summary>The text in quotes: one line, safe to print, and shortened if it is long.</summary>
    public static string Of(string text) =>
        $"\"{PosixText.Printable(text.Length > Longest ? $"{text[..Longest]}…" : text)}\"";
}
