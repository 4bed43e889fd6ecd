using System.Globalization;
using ConfSync.Bytes;

namespace ConfSync.Protocol;

/// <summary>The nginx that a test used, because what the test proves depends on it.</summary>
/// <param name="Master">The PID of the running master; null where none runs.</param>
/// <param name="Program">The path of its program.</param>
/// <param name="ConfigurationFile">The file that it reads first.</param>
public sealed record TestedNginx(int? Master, string Program, string ConfigurationFile)
{
    /// <exception cref="FormatException">The text is not three lines of this kind.</exception>
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
/// <param name="Words">What nginx said, and its version.</param>
/// <param name="Outside">The files that nginx reads outside of CONFPATHS.</param>
public sealed record PrimaryTest(string Words, TestedNginx? Nginx, OutsideFiles Outside);

/// <summary>Files that nginx reads on the primary and that are not under CONFPATHS. Each peer uses its own files
/// there.</summary>
/// <param name="Count">The number of the files.</param>
/// <param name="Some">The first of them.</param>
public sealed record OutsideFiles(int Count, IReadOnlyList<string> Some)
{
    public static OutsideFiles None { get; } = new(0, []);

    /// <summary>Reads the number, then one line for each named file.</summary>
    /// <exception cref="FormatException">The text does not begin with a number.</exception>
    public static OutsideFiles Parse(string text)
    {
        var lines = text.Split('\n');
        return new OutsideFiles(int.Parse(lines[0], CultureInfo.InvariantCulture), lines[1..]);
    }
}
