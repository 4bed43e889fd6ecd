using System.CommandLine;
using System.CommandLine.Completions;

namespace ConfSync.Cli.Commands;

/// <summary>What a shell may offer for the last word of a call.</summary>
/// <param name="ValuesOf">The values of an option or argument by the name of its value, such as <c>NODE</c>, with the configuration
/// file that the call names (null for none); null where such a value is a file.</param>
internal sealed class Completion(RootCommand root, Func<string, string?, IEnumerable<Candidate>?> ValuesOf)
{
    /// <summary>The candidates.</summary>
    /// <param name="words">The words of the call, without the program's name. The last one is not finished; it may be empty.</param>
    /// <returns>Null where the word is a file, which the shell knows best.</returns>
    public IReadOnlyList<Candidate>? Of(IReadOnlyList<string> words)
    {
        var (command, pending, file, places) = ((Command)root, (Option?)null, (string?)null, 0);
        foreach (var word in words.SkipLast(1))
        {
            if (pending is not null && !(pending.AllowMultipleArgumentsPerToken && word.StartsWith('-')))
            {
                if (pending.Name == "--config") file = word;
                if (!pending.AllowMultipleArgumentsPerToken) pending = null;
            }
            else if (word.StartsWith('-'))
            {
                pending = ValuedBy(word, command);
            }
            else if (command == root && places == 0 && Visible(root.Subcommands).FirstOrDefault(sub => sub.Name == word) is { } named)
            {
                command = named;
            }
            else
            {
                places++;
            }
        }
        var last = words.Count > 0 ? words[^1] : "";
        if (pending is not null && !last.StartsWith('-')) return Matching(last, Values(pending.HelpName, pending.CompletionSources, file));
        if (last.Split('=', 2) is [['-', '-', ..] name, var value] && OptionsOf(command).FirstOrDefault(option => option.Name == name) is { } assigned)
        {
            return Matching(value, Values(assigned.HelpName, assigned.CompletionSources, file))?.Select(candidate => candidate with { Text = $"{name}={candidate.Text}" }).ToList();
        }
        if (last.StartsWith('-')) return Matching(last, OptionsOf(command).SelectMany(Names));
        var commands = command == root && places == 0 ? Visible(root.Subcommands).Select(sub => new Candidate(sub.Name, sub.Description ?? "")) : [];
        // Each argument but the last one takes one word.
        var argument = command.Arguments.Where((argument, index) => index == places || argument.Arity.MaximumNumberOfValues > 1).FirstOrDefault();
        return argument is null ? Matching(last, commands) : Matching(last, Values(argument.Name, argument.CompletionSources, file)?.Concat(commands));
    }

    private IEnumerable<Candidate>? Values(string? name, IReadOnlyCollection<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, string? file)
    {
        if (name is null) return [];
        List<Candidate> fixedWords = [.. sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => new Candidate(item.Label, ""))];
        return fixedWords.Count > 0 ? fixedWords : ValuesOf(name, file);
    }

    // In "web1,we" and "!we", what is not finished is "we".
    private static List<Candidate>? Matching(string word, IEnumerable<Candidate>? candidates)
    {
        if (candidates is null) return null;
        var begin = word.LastIndexOf(',') + 1;
        if (begin < word.Length && word[begin] == '!') begin++;
        return
        [
            .. from candidate in candidates
               let text = candidate.IsListItem ? word[..begin] + candidate.Text : candidate.Text
               where text.StartsWith(word, StringComparison.Ordinal)
               select candidate with { Text = text },
        ];
    }

    private Option? ValuedBy(string word, Command command)
    {
        var options = OptionsOf(command).ToList();
        if (word.StartsWith("--", StringComparison.Ordinal)) return options.FirstOrDefault(option => option.Name == word && TakesValue(option));
        // "-rf" is -r and -f, and "-fFILE" has its value already.
        var first = word.Skip(1).TakeWhile(letter => options.Any(option => option.Aliases.Contains($"-{letter}") && !TakesValue(option))).Count() + 1;
        return first == word.Length - 1 ? options.FirstOrDefault(option => option.Aliases.Contains($"-{word[first]}")) : null;
    }

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0;

    private IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(root.Options.Where(option => option.Recursive)).Distinct().Where(option => !option.Hidden);

    private static IEnumerable<Command> Visible(IEnumerable<Command> commands) => commands.Where(command => !command.Hidden);

    private static IEnumerable<Candidate> Names(Option option) =>
        option.Aliases.Append(option.Name).Where(name => name.StartsWith('-') && name != "-?").Select(name => new Candidate(name, option.Description ?? ""));
}

/// <summary>A word that a shell may offer.</summary>
/// <param name="IsListItem">It may follow others of its kind after a comma, and a <c>!</c>.</param>
internal sealed record Candidate(string Text, string Description, bool IsListItem = false);
