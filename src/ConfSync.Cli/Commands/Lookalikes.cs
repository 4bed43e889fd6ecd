using System.CommandLine;
using ConfSync.Bytes;

namespace ConfSync.Cli.Commands;

/// <summary>Arguments that the parser would take for something else than their author means: <c>-dry-run</c> is
/// <c>-d -r -y…</c> to it, and <c>-node x</c> a dry run with a report in the file <c>de</c>.</summary>
internal static class Lookalikes
{
    private static readonly string[] Truths = ["true", "false", "yes", "no", "on", "off", "0", "1"];

    /// <param name="options">All that any command has.</param>
    /// <returns>What is wrong with the first such argument, and what was meant; null where there is none.</returns>
    public static string? Find(IReadOnlyList<string> arguments, IReadOnlyCollection<Option> options)
    {
        var flags = options.Where(option => option.Arity.MaximumNumberOfValues == 0).SelectMany(Names).ToHashSet(StringComparer.Ordinal);
        var valued = options.SelectMany(Names).Where(name => !flags.Contains(name)).ToHashSet(StringComparer.Ordinal);
        var before = "";
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            if (flags.Contains(before) && Truths.Contains(argument, StringComparer.OrdinalIgnoreCase)) return WithoutValue(before);
            // The parser would take the option for the text: -m -n would be a push and no dry run.
            if (valued.Contains(before) && (flags.Contains(argument) || valued.Contains(argument)))
            {
                return $"{before} needs a value, and {argument} is an option";
            }
            if (!valued.Contains(before))
            {
                var name = argument.Split('=', 2)[0];
                if (flags.Contains(name) && name != argument) return WithoutValue(name);
                if (LongName(name, flags, valued) is { } meant) return $"{argument}: a long option begins with two dashes: {meant}";
            }
            before = argument;
        }
        return null;
    }

    private static string? LongName(string name, HashSet<string> flags, HashSet<string> valued)
    {
        if (name is not ['-', not '-', _, ..]) return null;
        var asLong = $"-{name}";
        if (flags.Contains(asLong) || valued.Contains(asLong)) return asLong;
        // -rn is -r and -n, and -lFILE is -l FILE.
        if (valued.Contains(name[..2]) || name.Skip(1).All(letter => flags.Contains($"-{letter}"))) return null;
        return Spelling.Nearest(asLong, flags.Concat(valued).Where(known => known.StartsWith("--", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Names(Option option) => [option.Name, .. option.Aliases];

    private static string WithoutValue(string flag) => $"{flag} takes no value: give it to have it, leave it out otherwise";
}
