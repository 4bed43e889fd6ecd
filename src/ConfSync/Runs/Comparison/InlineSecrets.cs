using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConfSync.Changes;

namespace ConfSync.Runs;

/// <summary>Replaces the passwords in the lines of an ordinary configuration file: those of HAProxy (userlist, stats auth),
/// keepalived (auth_pass) and nginx (secure_link_secret), and those in HTTP headers. Pure.</summary>
internal static partial class InlineSecrets
{
    /// <summary>What stands in the place of a password.</summary>
    public const string Mask = "[secret]";

    /// <summary>What stands there if only the primary's file has that password. Otherwise a line whose password alone changed
    /// would be shown twice without a difference.</summary>
    public const string NewMask = "[new secret]";

    /// <param name="remote">The whole text of the node's file.</param>
    /// <returns>The hunks, with masks in their lines.</returns>
    public static ImmutableArray<Hunk> Masked(ImmutableArray<Hunk> hunks, string remote)
    {
        var known = Password().Matches(remote).Select(match => match.Groups["secret"].Value).ToHashSet(StringComparer.Ordinal);
        return [.. hunks.Select(hunk => hunk with { Lines = [.. hunk.Lines.Select(OfLine)] })];

        DiffLine OfLine(DiffLine line) => line with { Text = Password().Replace(line.Text, Replacement) };

        string Replacement(Match match)
        {
            var secret = match.Groups["secret"];
            return match.Value[..(secret.Index - match.Index)] + (known.Contains(secret.Value) ? Mask : NewMask) +
                match.Value[(secret.Index - match.Index + secret.Length)..];
        }
    }

    // A value that begins with $ or % is a variable of nginx or HAProxy.
    [GeneratedRegex(
        """
        ^[ \t]* (
          user[ \t]+[^ \t\r\n]+[ \t]+(insecure-)?password[ \t]+ (?<secret>[^ \t\r\n]+)
        | stats[ \t]+auth[ \t]+[^: \t\r\n]+: (?<secret>[^ \t\r\n]+)
        | auth_pass[ \t]+ (?<secret>[^ \t\r\n]+)
        | secure_link_secret[ \t]+ (?<secret>[^; \t\r\n]+)
        | [^\#\r\n]* authorization["']?[ \t]+["']?((basic|bearer|digest|token|apikey)(\\?[ \t])+)? (?<secret>[^$%"'; \t\r\n][^"'; \t\r\n]*)
        | [^\#\r\n]* header[ \t]+["']?[a-z0-9_-]*(api-?key|passw|secret|token)[a-z0-9_-]*["']?[ \t]+["']? (?<secret>[^$%"'; \t\r\n][^"';\r\n]*)
        )
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture |
        RegexOptions.Multiline)]
    private static partial Regex Password();
}
