using System.Globalization;
using ConfSync.Bytes;

namespace ConfSync.Protocol;

/// <summary>Which nginx was tested: what a test proves depends on it.</summary>
/// <param name="Master">The PID of the running master; null where it does not run.</param>
/// <param name="Program">Its program.</param>
/// <param name="ConfigurationFile">The file that it read first.</param>
public sealed record TestedNginx(int? Master, string Program, string ConfigurationFile)
{
    /// <exception cref="FormatException">The lines make no sense.</exception>
    public static TestedNginx Parse(string text) => text.Split('\n') switch
    {
        [var master, var program, var file] =>
            new TestedNginx(master == "-" ? null : int.Parse(master, CultureInfo.InvariantCulture), program, file),
        _ => throw new FormatException("which nginx was tested is not said in three lines"),
    };

    public override string ToString() =>
        $"{(Master is { } pid ? string.Create(CultureInfo.InvariantCulture, $"PID {pid}") : "not running")}, " +
        $"{PosixText.Printable(Program)}, {PosixText.Printable(ConfigurationFile)}";
}

/// <summary>The test of the primary's own configuration.</summary>
/// <param name="Words">What nginx said, and which version it is.</param>
/// <param name="Outside">What nginx reads beside what is pushed.</param>
public sealed record PrimaryTest(string Words, TestedNginx? Nginx, OutsideFiles Outside);

/// <summary>Files that nginx reads on the primary and that are not under CONFPATHS: a peer's own are used there.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Some">The first of them.</param>
public sealed record OutsideFiles(int Count, IReadOnlyList<string> Some)
{
    public static OutsideFiles None { get; } = new(0, []);

    /// <summary>The number, then a line for each that is named.</summary>
    /// <exception cref="FormatException">It does not begin with a number.</exception>
    public static OutsideFiles Parse(string text)
    {
        var lines = text.Split('\n');
        return new OutsideFiles(int.Parse(lines[0], CultureInfo.InvariantCulture), lines[1..]);
    }
}
