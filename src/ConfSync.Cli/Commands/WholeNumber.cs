using System.Globalization;

namespace ConfSync.Cli.Commands;

/// <summary>Numbers on the command line.</summary>
internal static class WholeNumber
{
    /// <returns>Null where it is not digits alone, or too large.</returns>
    public static int? Parse(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
