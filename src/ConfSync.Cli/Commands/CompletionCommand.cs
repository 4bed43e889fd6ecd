using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync completion SHELL</c>: what a shell reads so that it completes calls.</summary>
internal sealed class CompletionCommand : Command
{
    public const string Word = "completion";

    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public CompletionCommand() : base(Word, "Print what bash, zsh or fish reads to complete calls of nginx-sync")
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Shells) };
        shell.CompletionSources.Add(Shells);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Shells.Contains(token.Value)) result.AddError($"{Word} takes {string.Join(", ", Shells)}, not \"{token.Value}\"");
        });
        Add(shell);
        SetAction(call =>
        {
            using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"nginx-sync.{call.GetValue(shell)}")!);
            call.InvocationConfiguration.Output.Write(script.ReadToEnd());
        });
    }
}
