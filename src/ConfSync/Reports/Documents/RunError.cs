using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>Why a run did not do what it was asked for. One of the records in here.</summary>
internal abstract record RunError
{
    private RunError()
    {
    }

    /// <summary>The configuration file cannot be used.</summary>
    /// <param name="Problems">At least one.</param>
    public sealed record Configuration(ImmutableArray<ConfigurationProblem> Problems) : RunError;

    /// <summary>The call names something that there is not.</summary>
    /// <param name="Words">What is wrong with it, safe to show.</param>
    public sealed record Call(string Words) : RunError;

    /// <summary>The lock of this machine could not be taken.</summary>
    public sealed record Lock(LockProblem Problem) : RunError;

    /// <summary>A push to all or none of another configuration is not finished.</summary>
    public sealed record OtherUnfinished(string ConfigPath) : RunError;

    /// <summary>An earlier push to all or none could not be finished on all its nodes.</summary>
    public sealed record EarlierUnfinished : RunError;

    /// <summary>Something on the primary, or with the run as a whole, is wrong.</summary>
    public sealed record Primary(PrimaryProblem Problem) : RunError;

    /// <summary>A signal came before anything was done.</summary>
    public sealed record Interrupted : RunError;

    /// <summary>The run was carried out, and a report of it cannot be written.</summary>
    /// <param name="Words">The system's.</param>
    public sealed record NotWritten(string Words) : RunError;

    /// <summary>A mistake in this program.</summary>
    public sealed record Defect(string Words) : RunError;

    /// <summary>Null where the run was carried out, or had nothing to do.</summary>
    public static RunError? Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.NotLocked { Problem: var problem } => new Lock(problem),
        RunOutcome.OtherUnfinished { Other: var other } => new OtherUnfinished(other.ConfigPath),
        RunOutcome.EarlierUnfinished => new EarlierUnfinished(),
        RunOutcome.PrimaryFailed { Problem: var problem } => new Primary(problem),
        _ => null,
    };

    /// <summary>What people read of it; one or more lines, safe to show.</summary>
    public string Message => this switch
    {
        Configuration { Problems: var problems } => string.Join('\n', problems.Select(MessageCodes.Line)),
        Call { Words: var words } => words,
        Lock { Problem: var problem } => OutcomeText.Of(problem),
        OtherUnfinished { ConfigPath: var path } => $"a push to all or none of another configuration is not finished: nginx-sync -f {PosixText.Printable(path)} settle",
        EarlierUnfinished => "the earlier push has to be finished first",
        Primary { Problem: var problem } => $"{PrimaryText.Of(problem.Step)} failed:\n{PrimaryText.Of(problem.Fault)}",
        Interrupted => "interrupted; nothing was changed",
        NotWritten { Words: var words } => $"the report cannot be written: {PosixText.Printable(words)}",
        Defect { Words: var words } => $"a defect of this program:\n{PosixText.PrintableLines(words)}",
        _ => throw new UnreachableException(),
    };
}
