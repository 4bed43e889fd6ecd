using System.CommandLine;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>A change of this machine's own files: tried and shown, asked for, and made.</summary>
/// <param name="From">The node that it comes from; null for an undo.</param>
internal sealed record AdoptAction(bool IsDryRun, bool AsksNothing, DiffStyle Style, Node? From, CommandContext Context, ParseResult Call, SharedOptions Shared)
{
    /// <param name="attempt">The change without the lock of this machine; asked for as a dry run.</param>
    /// <param name="make">The change.</param>
    /// <returns>The exit status; null where nothing was changed.</returns>
    public async Task<int?> RunAsync(Func<bool, Task<NodeReport>> attempt, Func<ExclusiveRuns, Action<RunEvent>, Task<RunOutcome>> make)
    {
        var tried = await attempt(true);
        Print(tried, Style);
        if (IsDryRun || !tried.IsGood)
        {
            Conclude(tried);
            return tried.IsGood ? ExitStatus.Of([tried]) : null;
        }
        if (tried is NodeReport.WouldUpdate && !AsksNothing && !new Asker(Context.Output).Confirm("Change this machine like this?"))
        {
            Context.Output.Error("nginx-sync: nothing was changed");
            return null;
        }
        string? forgotten = null;
        var outcome = await make(Context.RunsOf(Shared, Call), said => forgotten = (said as RunEvent.RunNotRecorded)?.Words ?? forgotten);
        if (outcome is not RunOutcome.Ended { Reports: [var report] }) return Context.Explain(outcome, From is null ? "put back" : "taken over");
        Print(report, null);
        if (forgotten is not null) Context.Output.Error(AdoptText.NotRemembered(forgotten));
        Conclude(report);
        return forgotten is null ? ExitStatus.Of(outcome) : ExitStatus.NodeFailed;
    }

    private void Print(NodeReport report, DiffStyle? style)
    {
        foreach (var line in AdoptText.Of(report, style)) Context.Output.Print(line);
    }

    private void Conclude(NodeReport report) => Context.Output.Print(AdoptText.Verdict(report, From));
}
