using System.Globalization;
using System.Security.Cryptography;

namespace ConfSync.Changes;

/// <summary>What tells one push or roll-back from all others, on every node alike: each generation that it makes records
/// it.</summary>
/// <param name="Id">16 hexadecimal digits: eight random ones, then the time in seconds since 1970.</param>
/// <param name="Version">Of the program that made the run.</param>
/// <param name="Message">What its user said of it (<c>-m</c>); null for nothing.</param>
/// <param name="Revision">The commit of the pushed paths' work tree on the primary, with " dirty" after it where a pushed
/// path was not as committed; null where they are in none.</param>
public sealed record RunRecord(string Id, string Version, string? Message, string? Revision)
{
    /// <summary>What a message may have at most, in characters.</summary>
    public const int LongestMessage = 1000;

    private const int ShortLength = 7;
    private const int LongestField = 4 * LongestMessage;

    /// <summary>The run that begins now.</summary>
    public static RunRecord New(DateTimeOffset now, string version, string? message) => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + now.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture),
        version, message, Revision: null);

    /// <summary>When the run began, as the primary's clock said; null where the ID was not made by <see cref="New"/>.</summary>
    public DateTimeOffset? Began => long.TryParse(Id.AsSpan(8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
        ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The ID as people read and write it, as git shortens its hashes.</summary>
    public string ShortId => Id[..ShortLength];

    /// <summary>One line a field, as it is kept on a node.</summary>
    public string Format() => $"{Id}\n{Version}\n{OneLine(Message)}\n{OneLine(Revision)}";

    /// <returns>Null where it is not what <see cref="Format"/> makes. Lines that a later version may add are left out.</returns>
    public static RunRecord? Parse(string text) => text.Split('\n') is [var id, var version, var message, var revision, ..]
        && id.Length == 16 && id.All(char.IsAsciiHexDigitLower) && Math.Max(version.Length, Math.Max(message.Length, revision.Length)) <= LongestField
            ? new RunRecord(id, version, NullIfEmpty(message), NullIfEmpty(revision))
            : null;

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
