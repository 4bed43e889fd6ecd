using System.Globalization;
using System.Security.Cryptography;

namespace ConfSync.Changes;

/// <summary>Identifies one push or roll-back on all nodes. Each generation that the run makes records it.</summary>
/// <param name="Id">16 hexadecimal digits: eight random ones, then the time in seconds since 1970.</param>
/// <param name="Version">The version of the program that made the run.</param>
/// <param name="Message">The message that the user gave (<c>-m</c>); null for none.</param>
/// <param name="Revision">The commit of the git work tree that holds the pushed paths on the primary, followed by " dirty"
/// if a pushed path differs from the commit; null if no work tree holds them.</param>
public sealed record RunRecord(string Id, string Version, string? Message, string? Revision)
{
    /// <summary>The most characters that a message may have.</summary>
    public const int LongestMessage = 1000;

    private const int ShortLength = 7;
    private const int LongestField = 4 * LongestMessage;

    /// <summary>The record of a run that begins now.</summary>
    public static RunRecord New(DateTimeOffset now, string version, string? message) => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + now.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture),
        version, message, Revision: null);

    /// <summary>When the run began, by the primary's clock; null where <see cref="New"/> did not make the ID.</summary>
    public DateTimeOffset? Began => long.TryParse(Id.AsSpan(8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
        ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The ID as people read and write it, shortened as git shortens its hashes.</summary>
    public string ShortId => Id[..ShortLength];

    /// <summary>The record as text, one line for each field, as a node stores it.</summary>
    public string Format() => $"{Id}\n{Version}\n{OneLine(Message)}\n{OneLine(Revision)}";

    /// <returns>The record; null if the text is not what <see cref="Format"/> makes. Further lines, which a later version
    /// may add, are ignored.</returns>
    public static RunRecord? Parse(string text) => text.Split('\n') is [var id, var version, var message, var revision, ..]
        && id.Length == 16 && id.All(char.IsAsciiHexDigitLower) && Math.Max(version.Length, Math.Max(message.Length, revision.Length)) <= LongestField
            ? new RunRecord(id, version, NullIfEmpty(message), NullIfEmpty(revision))
            : null;

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
