using System.CommandLine;
using ConfSync.Cli.Manual;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync help</c>: a section of the manual, a variable, an option, a command or the code of a message.</summary>
internal sealed class HelpCommand : Command
{
    public const string Word = "help";

    private Argument<string[]> Topic { get; } = new("TOPIC")
    {
        Description = "A section of the manual, a variable, an option, a command or the code of a message [default: the list of them]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public HelpCommand(RootCommand root) : base(Word, "Print a section of the manual")
    {
        Add(Topic);
        SetAction((call, cancellation) =>
        {
            var words = string.Join(' ', call.GetValue(Topic) ?? []);
            var topics = new HelpTopics(root);
            if (words.Length > 0 && topics.CommandNamed(words) is { } command)
            {
                return root.Parse([command.Name, "--help"]).InvokeAsync(call.InvocationConfiguration, cancellation);
            }
            var found = words.Length == 0 ? topics.List() : topics.Find(words);
            if (found is not null) call.InvocationConfiguration.Output.Write(found);
            else Refuse(words, topics);
            return Task.FromResult(found is null ? ExitStatus.NothingPushed : ExitStatus.Success);
        });
    }

    private static void Refuse(string words, HelpTopics topics)
    {
        using var complaint = new Output(logFile: null);
        var near = topics.Near(words);
        complaint.Error($"nginx-sync: there is no section \"{Texts.Shown(words)}\" in the manual{(near.Count > 0 ? $". Did you mean: {string.Join(", ", near)}?" : "")}\nTry: nginx-sync help");
    }
}
