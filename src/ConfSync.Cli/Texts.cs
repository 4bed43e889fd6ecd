using ConfSync.Bytes;

namespace ConfSync.Cli;

/// <summary>What came from elsewhere, made safe to show.</summary>
internal static class Texts
{
    public static string Shown(string text) => PosixText.Printable(text);

    /// <summary>Words of other programs, of several lines, each made safe, behind <paramref name="indent"/>.</summary>
    public static string ShownLines(string text, string indent = "") => PosixText.PrintableLines(text, indent);
}
