using System.CommandLine;
using System.Globalization;
using ConfSync.Cli.Manual;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync __manual</c>, for those who build this program: writes the tables of the documents anew, and prints the
/// manual pages.</summary>
internal sealed class ManualCommand : Command
{
    public const string Word = "__manual";

    public ManualCommand(RootCommand root, StartDirectory start) : base(Word, "Make documents from what the program knows")
    {
        Hidden = true;
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore };
        var tables = new Command("tables", "Write the tables of these documents anew") { files };
        tables.SetAction(call =>
        {
            foreach (var file in call.GetValue(files)!.Select(start.Absolute)) File.WriteAllText(file, new ManualTables(root).Renew(File.ReadAllText(file)));
        });
        Add(tables);
        AddPage("nginx-sync.8", root, pages => pages.Program());
        AddPage("nginx-sync.conf.5", root, pages => pages.ConfigurationFile());
    }

    private void AddPage(string name, RootCommand root, Func<ManualPages, string> write)
    {
        var page = new Command(name, "Print this manual page");
        page.SetAction(call => call.InvocationConfiguration.Output.Write(write(new ManualPages(root, Date))));
        Add(page);
    }

    // See https://reproducible-builds.org/specs/source-date-epoch/
    private static DateOnly Date => DateOnly.FromDateTime(
        long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
            : DateTime.UtcNow);
}
