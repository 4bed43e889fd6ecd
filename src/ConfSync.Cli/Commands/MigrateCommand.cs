using System.CommandLine;
using ConfSync.Configuration;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync migrate</c>: what becomes of each line of nginx-sync.sh's configuration file. Only reads.</summary>
internal sealed class MigrateCommand : Command
{
    public const string Word = "migrate";

    private Argument<string?> FileName { get; } = new("FILE")
    {
        Description = "The configuration file of nginx-sync.sh [default: that of -f]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public MigrateCommand(SharedOptions shared, StartDirectory start)
        : base(Word, "Say of each line of nginx-sync.sh's configuration file what becomes of it; nothing is changed")
    {
        Add(FileName);
        FileName.RefuseOptions();
        SetAction(call => Run(call.GetValue(FileName) ?? call.GetValue(shared.Config)!, start));
    }

    private static int Run(string name, StartDirectory start)
    {
        using var output = new Output(logFile: null);
        string text;
        try
        {
            text = File.ReadAllText(start.Absolute(name));
        }
        catch (Exception exception) when (exception is WrongCallException or IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: {Texts.Shown(exception.Message)}");
            return ExitStatus.NothingPushed;
        }
        var lines = Migration.Of(name, text, Environment.GetEnvironmentVariable);
        foreach (var line in lines)
        {
            var place = line.Line > 0 ? $"{Texts.Shown(name)}:{line.Line}" : Texts.Shown(name);
            output.Line($"{place}: {Verdict(line.Kind)}  {(line.Name.Length > 0 ? $"{line.Name}: " : "")}{Texts.Shown(line.Words)}");
        }
        var changes = lines.Count(line => line.Kind == MigrationKind.Change);
        var reviews = lines.Count(line => line.Kind == MigrationKind.Review);
        output.Line(changes + reviews == 0
            ? $"\nThe file can stay as it is. See what a push would do: nginx-sync{(name == SyncConfig.DefaultPath ? "" : $" -f {Texts.Shown(name)}")} -n"
            : $"\n{changes} to change, {reviews} to look at. What else is different: docs/migration.md");
        if (output.IsIncomplete) return ExitStatus.NotWritten;
        return changes == 0 ? ExitStatus.Success : ExitStatus.NothingPushed;
    }

    private static string Verdict(MigrationKind kind) => kind switch
    {
        MigrationKind.Kept => "same  ",
        MigrationKind.NoEffect => "none  ",
        MigrationKind.Review => "LOOK  ",
        _ => "CHANGE",
    };
}
