using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ConfSync.SystemTests.Faults;

/// <summary>A call of libc with which the peer's side changes something, as faults.c traces it.</summary>
/// <param name="Number">Which one it is since the first session began, from 1.</param>
/// <param name="Errors">The errors that it can fail with.</param>
/// <param name="IsOnDisk">Whether a disk on which nothing can be done any more concerns it.</param>
/// <param name="Kind">The step of the transaction, the call and the program; of shells, and where live files are renamed, also
/// the path, without what differs from run to run.</param>
internal sealed partial record InjectedCall(int Number, ImmutableHashSet<string> Errors, bool IsOnDisk, string Kind)
{
    // The steps in which nothing live is renamed, linked or seen to be untouched: staging, staged (and its test).
    private const int Still = 2;

    /// <summary>All calls of a trace.</summary>
    public static IReadOnlyList<InjectedCall> Of(string trace)
    {
        List<InjectedCall> calls = [];
        var step = 0;
        foreach (var match in trace.Split('\n').Select(line => Line().Match(line)).Where(match => match.Success).OrderBy(Number))
        {
            var words = match.Groups["can"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (call, path, program) = (match.Groups["call"].Value, match.Groups["path"].Value, match.Groups["program"].Value);
            // Each mark of the journal begins a step.
            if (call.StartsWith("open", StringComparison.Ordinal) && path.EndsWith("/marks", StringComparison.Ordinal)) step++;
            var isOfItsOwn = program == "sh" || (step > Still && program is "mv" or "rm" or "rmdir" or "ln" or "cp");
            calls.Add(new InjectedCall(
                Number(match), [.. words.Where(word => word != "disk")], words.Contains("disk"),
                $"{step} {call} {(isOfItsOwn ? Differing().Replace(path, "N") : "")} {program}"));
        }
        return calls;

        static int Number(Match match) => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether this strike, as in a plan without the number, does something here that it would not do at the next call.</summary>
    public bool IsStruckBy(string strike) =>
        strike.Split(' ') is not ["fail", var error, var how] || (Errors.Contains(error) && (how == "once" || IsOnDisk));

    [GeneratedRegex(@"^(?<number>\d+) (?<can>[A-Za-z ]*): (?<call>\S+) (?<path>.*) \((?<program>[^)]*)\)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"\b[0-9a-f]{16,}\b|\d+")]
    private static partial Regex Differing();
}
