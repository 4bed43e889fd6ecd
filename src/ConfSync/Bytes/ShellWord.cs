namespace ConfSync.Bytes;

/// <summary>Makes words for commands that the administrator pastes into a shell.</summary>
public static class ShellWord
{
    /// <summary>The text as one word of a POSIX shell. It is quoted only if it needs to be.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '@' or ':' or '+' or '=' or ',' or '%') ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
