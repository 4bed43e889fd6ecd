using System.CommandLine;
using ConfSync.Cli.Manual;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync __manual</c>, for those who build this program: writes the tables of the documents anew.</summary>
internal sealed class ManualCommand : Command
{
    public const string Word = "__manual";

    private Argument<string[]> Files { get; } = new("FILE") { Arity = ArgumentArity.OneOrMore };

    public ManualCommand(RootCommand root, StartDirectory start) : base(Word, "Write the tables of these documents anew")
    {
        Hidden = true;
        var tables = new Command("tables", "Write the tables of these documents anew") { Files };
        tables.SetAction(call =>
        {
            foreach (var file in call.GetValue(Files)!.Select(start.Absolute)) File.WriteAllText(file, new ManualTables(root).Renew(File.ReadAllText(file)));
        });
        Add(tables);
    }
}
