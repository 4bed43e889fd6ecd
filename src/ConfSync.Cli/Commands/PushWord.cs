using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync push</c>: what <c>nginx-sync</c> does without a word, and to some nodes where they are named.</summary>
internal sealed class PushWord : Command
{
    public const string Word = "push";

    private NodesArgument Only { get; } = new();

    public PushWord(PushCommand push, SharedOptions shared, CommandRunner runner)
        : base(Word, "Push to the nodes, as nginx-sync does without a word")
    {
        Add(Only);
        foreach (var option in push.Own) Add(option);
        foreach (var option in shared.Documents) Add(option);
        Validators.Add(result => shared.CheckRunOutput(result));
        Add(shared.Nodes);
        Add(shared.Limit);
        Add(shared.Differences);
        Add(shared.Color);
        Add(shared.Quiet);
        Add(shared.Timing);
        SetAction((call, cancellation) => push.RunAsync(
            call, runner, Name, Only.Named(call, shared), cancellation));
    }
}
