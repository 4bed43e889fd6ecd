using System.Text;
using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>The words by which programs know what a run says: docs/schema.json lists all of them, and a test compares both. They
/// never change within a version.</summary>
internal static class RunNames
{
    /// <summary>A value of an enumeration, such as <c>not-root</c> of <see cref="PeerFailure.NotRoot"/>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Word(value.ToString());

    /// <summary>A record of a closed hierarchy, such as <c>same-machine</c> of <see cref="Refusal.SameMachine"/>.</summary>
    public static string OfRecord(object record) => Word(record.GetType().Name);

    /// <summary>What became of a node.</summary>
    public static string Of(NodeReport report) => Of(report.Outcome);

    private static string Word(string name)
    {
        var word = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && word.Length > 0) word.Append('-');
            word.Append(char.ToLowerInvariant(letter));
        }
        return word.ToString();
    }
}
