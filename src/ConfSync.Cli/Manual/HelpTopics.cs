using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Platform;
using ConfSync.Reports;

namespace ConfSync.Cli.Manual;

/// <summary>What <c>nginx-sync help TOPIC</c> prints: a section of docs/manual.md or docs/compare.md, a variable, an option, or
/// the code of a message.</summary>
internal sealed class HelpTopics(RootCommand root)
{
    private const int NarrowestScreen = 40, WidestText = 100;

    private readonly ManualTables tables = new(root);
    private readonly ImmutableArray<ManualSection> sections = [.. ManualSection.OfManual.Concat(ManualSection.OfComparing).Where(section => section.Level > 1)];

    /// <summary>All names that <see cref="Find"/> and <see cref="CommandNamed"/> know.</summary>
    public IEnumerable<string> Names =>
        tables.Commands.Select(command => command.Name).Concat(sections.Select(section => section.Anchor)).Concat(KnownVariables.All.Select(variable => variable.Name))
            .Concat(tables.Options.Select(option => option.Name)).Concat(MessageCodes.All.Select(code => code.ToString())).Distinct();

    public Command? CommandNamed(string words) => tables.Commands.FirstOrDefault(command => command.Name == words);

    /// <summary>The topics, for a reader who names none.</summary>
    public string List()
    {
        var width = Width;
        var list = new PlainWriter(width);
        list.Terms("nginx-sync help TOPIC, where TOPIC is one of these.",
        [
            ("commands", string.Join(' ', tables.Commands.Select(command => command.Name))),
            ("sections of the manual", string.Join(' ', sections.Select(section => section.Anchor).Distinct())),
            ("variables of the configuration file", string.Join(' ', KnownVariables.All.Select(variable => variable.Name))),
            ("options", string.Join(' ', tables.Options.Select(option => option.Name).Distinct())),
            ("codes of messages", $"such as {MessageCodes.All[0]}, as the screen shows them"),
        ]);
        return list.ToString();
    }

    /// <param name="words">A heading or its beginning, in any case, with blanks or hyphens; a variable; an option; the code of a
    /// message.</param>
    /// <returns>Lines to print; null where nothing is of that name, or more than one thing.</returns>
    public string? Find(string words)
    {
        var text = new PlainWriter(Width);
        var anchor = words.ToLowerInvariant().Replace(' ', '-');
        var named = sections.Where(section => section.Anchor == anchor).ToList();
        if (named is []) named = [.. sections.Where(section => section.Anchor.StartsWith(anchor, StringComparison.Ordinal))];
        if (named.Count > 0 && named.DistinctBy(section => section.Anchor).Count() == 1)
        {
            foreach (var section in named) text.Write(section);
        }
        else if (KnownVariables.All.FirstOrDefault(variable => variable.Name.Equals(words, StringComparison.OrdinalIgnoreCase)) is { } variable)
        {
            text.Terms(variable.Name, [("meaning", Plain(variable.Meaning)), .. variable.Values.Length > 0 ? (ReadOnlySpan<(string, string)>)[("values", Plain(variable.Values))] : [], ("default", Plain(variable.Default))]);
        }
        else if (tables.Options.FirstOrDefault(option => option.Aliases.Append(option.Name).Contains(words)) is { } option)
        {
            text.Terms(string.Join(", ", OptionTexts.Spelled(option)), [("meaning", Plain(tables.TextOf(option)))]);
        }
        else if (MessageCodes.Find(words) is { } code)
        {
            text.Terms($"{code}: {Plain(code.Title)}", [("why", Plain(code.Cause)), ("what to do", Plain(code.Remedy))]);
        }
        else
        {
            return null;
        }
        return text.ToString();
    }

    /// <summary>What was most likely meant, where <see cref="Find"/> finds nothing.</summary>
    public IReadOnlyList<string> Near(string words)
    {
        var anchor = words.ToLowerInvariant().Replace(' ', '-');
        var holding = sections.Select(section => section.Anchor).Distinct().Where(name => name.Contains(anchor, StringComparison.Ordinal)).ToList();
        return holding.Count > 0 ? holding : [.. Spelling.AllNearest(anchor, Names).Union(Spelling.AllNearest(words.ToUpperInvariant(), KnownVariables.Names))];
    }

    private static int Width => Math.Clamp(Posix.TerminalSize?.Columns ?? WidestText, NarrowestScreen, WidestText);

    private static string Plain(string markdown) => ManualSection.Plain(ManualSection.Clause(markdown));
}
