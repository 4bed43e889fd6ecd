namespace ConfSync.Bytes;

/// <summary>Words of commands that a person pastes into a shell.</summary>
public static class ShellWord
{
    /// <summary>The text as one word of a POSIX shell; in quotes only where it needs them.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '@' or ':' or '+' or '=' or ',' or '%') ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
