using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync settle</c>.</summary>
internal sealed class SettleCommand : Command
{
    public const string Word = "settle";

    public SettleCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Finish a push to all nodes or none that was decided and then cut off; nothing else is done")
    {
        Add(shared.DryRun);
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "pushed", context => SettleAsync(call.GetValue(shared.DryRun), context, cancellation)));
    }

    private static async Task<int?> SettleAsync(bool dryRun, CommandContext context, CancellationToken cancellation)
    {
        if (context.NodesNamed(Word, []) is null) return null;
        using var runLock = context.TakeLock();
        return await new EarlierPush(context, dryRun).FinishAsync(cancellation);
    }
}
