using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ConfSync.Configuration;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace ConfSync.Cli.Manual;

/// <summary>nginx-sync(8) and nginx-sync.conf(5), made from what the program knows of its options, variables and exit statuses, and
/// from docs/manual.md.</summary>
/// <param name="date">What the pages say as their date.</param>
internal sealed class ManualPages(RootCommand root, DateOnly date)
{
    private const string FirstOfFile = "Configuration file", FirstAfterFile = "What is pushed and what is not";

    private readonly ManualTables tables = new(root);
    private readonly ImmutableArray<ManualSection> sections = [.. ManualSection.OfManual.Where(section => section.Level == 2)];
    private readonly MdocWriter page = new();

    /// <summary>nginx-sync(8).</summary>
    public string Program()
    {
        Begin("NGINX-SYNC", 8, ["nginx-sync", "nginx-sync.sh"], "push the nginx configuration of a machine to its peers");
        Synopsis();
        page.Macro(".Sh DESCRIPTION");
        page.Paragraph(ManualSection.Clause(root.Description!));
        page.Paragraph(ManualSection.Clause("The configuration file is `/etc/nginx-sync.conf`; see nginx-sync.conf(5). nginx-sync.sh is another name of the same program."));
        Commands();
        Options();
        Write("Command line", "COMMAND LINE");
        foreach (var section in sections.Where(section => !IsOfFile(section) && section.Heading is not ("Command line" or "Exit status" or "Files" or "Messages" or "Security"))) page.Section(section.Heading, section.Blocks);
        Write("Files", "FILES");
        Write("Exit status", "EXIT STATUS");
        page.Macro(".Sh EXAMPLES");
        page.Literal(Help.Examples);
        Write("Messages", "DIAGNOSTICS");
        page.Macro(".Sh SEE ALSO\n.Xr ssh 1 ,\n.Xr nginx-sync.conf 5 ,\n.Xr ssh_config 5 ,\n.Xr nginx 8");
        page.Paragraph(ManualSection.Clause("More documents are in `/usr/share/doc/nginx-sync`. `nginx-sync help TOPIC` prints a section of this manual."));
        Write("Security", "SECURITY CONSIDERATIONS");
        return page.ToString();
    }

    /// <summary>nginx-sync.conf(5).</summary>
    public string ConfigurationFile()
    {
        Begin("NGINX-SYNC.CONF", 5, ["nginx-sync.conf"], "configuration file of nginx-sync");
        page.Macro(".Sh SYNOPSIS\n.Nm /etc/nginx-sync.conf");
        page.Section("DESCRIPTION", sections.Single(section => section.Heading == FirstOfFile).Blocks);
        page.Macro(".Sh VARIABLES\n.Bl -tag -width Ds");
        foreach (var variable in KnownVariables.All) Describe(variable);
        page.Macro(".El");
        foreach (var section in sections.Where(section => IsOfFile(section) && section.Heading != FirstOfFile))
        {
            // The table of the variables stands above.
            if (section.Heading == "Variables") page.Section("VARIABLES WITHOUT EFFECT", section.Blocks.SkipWhile(block => block is Table));
            else page.Section(section.Heading, section.Blocks);
        }
        page.Macro(".Sh FILES\n.Bl -tag -width Ds\n.It Pa /etc/nginx-sync.conf");
        page.Lines(ManualSection.Clause("what nginx-sync reads unless `-f` names another file"));
        page.Macro(".El\n.Sh SEE ALSO\n.Xr nginx-sync 8");
        return page.ToString();
    }

    private bool IsOfFile(ManualSection section) =>
        sections.Select(other => other.Heading).SkipWhile(heading => heading != FirstOfFile).TakeWhile(heading => heading != FirstAfterFile).Contains(section.Heading);

    private void Begin(string title, int section, IReadOnlyCollection<string> names, string purpose)
    {
        page.Macro($".Dd {date.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture)}\n.Dt {title} {section}\n.Os");
        page.Macro($".Sh NAME\n{string.Join(" ,\n", names.Select(name => $".Nm {name}"))}\n.Nd {purpose}");
    }

    private void Write(string heading, string title)
    {
        // The tables of the commands and options, and what a call looks like, stand in sections of their own.
        var blocks = sections.Single(section => section.Heading == heading).Blocks;
        page.Section(title, heading == "Command line" ? blocks.SkipWhile(block => block is Table or CodeBlock) : blocks);
    }

    private void Synopsis()
    {
        page.Macro(".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Nm\n.Fl C | c Ar NODE\n.Op Ar options");
        foreach (var command in tables.Commands) page.Macro($".Nm\n.Cm {command.Name}\n{string.Concat(command.Arguments.Select(argument => $".{OfArgument(argument)}\n"))}.Op Ar options");
    }

    private static string OfArgument(Argument argument) =>
        $"{(argument.Arity.MinimumNumberOfValues == 0 ? "Op " : "")}Ar {argument.Name}{(argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "")}";

    private void Commands()
    {
        page.Macro(".Sh COMMANDS\n.Bl -tag -width Ds");
        foreach (var command in tables.Commands)
        {
            page.Macro($".It Cm {command.Name}{string.Concat(command.Arguments.Select(argument => $" {OfArgument(argument)}"))}");
            page.Lines(ManualSection.Clause($"{command.Description}."));
            var options = command.Options.Where(option => !option.Hidden).Select(option => $"`{option.Name}`").ToList();
            if (options.Count > 0) page.Paragraph(ManualSection.Clause($"Options: {string.Join(", ", options)}."));
        }
        page.Macro(".El");
    }

    private void Options()
    {
        page.Macro(".Sh OPTIONS\n.Bl -tag -width Ds");
        foreach (var option in tables.Options)
        {
            page.Macro($".It {string.Join(" , ", OptionTexts.Spelled(option).Select(Flag))}");
            page.Lines(ManualSection.Clause(tables.TextOf(option)));
        }
        page.Macro(".El");
    }

    private static string Flag(string spelled) =>
        spelled.Split(' ', 2) is [var name, var value] ? $"Fl {name[1..]} Ar {value.Replace("…", "...", StringComparison.Ordinal)}" : $"Fl {spelled[1..]}";

    private void Describe(Variable variable)
    {
        page.Macro($".It Ev {variable.Name}");
        page.Lines(ManualSection.Clause($"{variable.Meaning}."));
        if (variable.Values.Length > 0) page.Paragraph(ManualSection.Clause($"Values: {variable.Values}."));
        page.Paragraph(ManualSection.Clause($"Default: {variable.Default}."));
    }
}
