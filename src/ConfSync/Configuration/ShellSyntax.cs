namespace ConfSync.Configuration;

/// <summary>The messages about shell syntax that a configuration file must not hold.</summary>
internal static class ShellSyntax
{
    public const string CommandSubstitution = "command substitution $(…) is not supported: write its result instead";

    public const string Arithmetic = "arithmetic $((…)) is not supported: write its result instead";

    public const string FormerArithmetic =
        "arithmetic $[…] is not supported: write its result instead, or \\$[ for the characters themselves";

    // The reserved words of POSIX (2.4), and those that common shells add.
    private static readonly HashSet<string> Keywords =
    [
        "!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while",
        "[[", "]]", "function", "select", "time",
    ];

    public static bool StartsName(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool ContinuesName(char c) => StartsName(c) || char.IsAsciiDigit(c);

    public static bool IsName(string text) => text.Length > 0 && StartsName(text[0]) && text.All(ContinuesName);

    public static bool IsKeyword(string word) => Keywords.Contains(word);

    /// <summary>What this character means to a shell outside of quotes.</summary>
    public static string Describe(char c) => c switch
    {
        '`' => "command substitution `…` is not supported: write its result instead",
        '|' => "a pipe (|) is not supported: quote the value if the character belongs to it",
        '&' => "a background command (&) is not supported: quote the value if the character belongs to it",
        '<' or '>' => $"a redirection ({c}) is not supported: quote the value if the character belongs to it",
        _ => $"a {c} outside quotes is not supported: quote the value if the character belongs to it",
    };
}
