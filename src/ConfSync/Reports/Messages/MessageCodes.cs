using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Reports;

/// <summary>Which code a failure has. The tables are keyed by the values that say why something failed.</summary>
internal static class MessageCodes
{
    /// <summary>Every code once, the lowest first.</summary>
    public static ImmutableArray<MessageCode> All { get; } =
    [
        .. LoginMessages.Of.Values.Concat(NodeMessages.Of.Values).Concat(RefusalMessages.Of.Values)
            .Concat(PrimaryMessages.OfConfiguration.Values).Concat(PrimaryMessages.OfSteps.Values).Concat(PrimaryMessages.Of.Values).Distinct().OrderBy(code => code.Number),
    ];

    /// <summary>A defect of this program.</summary>
    public static MessageCode Defect => NodeMessages.Of[PeerFailure.Defect];

    /// <summary>The code that a reader wrote, with or without <c>NS-</c>, in any case; null for none.</summary>
    public static MessageCode? Find(string words) =>
        All.FirstOrDefault(code => code.ToString().Equals(words, StringComparison.OrdinalIgnoreCase) || code.ToString()[3..] == words);

    public static MessageCode Of(NodeFailure failure) =>
        failure.Refusal is { } refusal ? Of(refusal) : Of(failure.Kind, failure.Transport);

    /// <param name="login">Why a login failed; null where none did.</param>
    public static MessageCode Of(PeerFailure failure, TransportFailure? login) =>
        failure == PeerFailure.Connect ? LoginMessages.Of[login ?? TransportFailure.Unknown]
        : NodeMessages.Of.GetValueOrDefault(failure, Defect);

    public static MessageCode Of(Refusal refusal) => RefusalMessages.Of[refusal.GetType()];

    /// <summary>Where several files are at fault, the first one decides.</summary>
    public static MessageCode Of(PrimaryProblem problem) => problem.Fault switch
    {
        PrimaryFault.Refused { Refusal: var refusal } => Of(refusal),
        PrimaryFault.CannotBePushed { Problems: [var first, ..] } => PrimaryMessages.Of[first.GetType()],
        PrimaryFault.Said => PrimaryMessages.OfSteps.GetValueOrDefault(problem.Step, Defect),
        var fault => PrimaryMessages.Of[fault.GetType()],
    };

    public static MessageCode Of(LockProblem problem) => PrimaryMessages.Of[problem.GetType()];

    public static MessageCode Of(ConfigurationProblem problem) => PrimaryMessages.OfConfiguration[problem.Area];

    /// <param name="failure">Why a node could not be compared or asked.</param>
    public static MessageCode Of(LookFailure failure) => failure is LookFailure.Said said ? Of(said.Failure, said.Login) : NodeMessages.Of[PeerFailure.Scan];

    /// <summary>Null for a mistake in the call, a signal and a report that cannot be written, which say all; and for a configuration file,
    /// each problem of which has its own.</summary>
    public static MessageCode? Of(RunError error) => error switch
    {
        RunError.Configuration or RunError.Call or RunError.Interrupted or RunError.NotWritten => null,
        RunError.Lock { Problem: var problem } => Of(problem),
        RunError.Primary { Problem: var problem } => Of(problem),
        RunError.Defect => Defect,
        _ => PrimaryMessages.Of[error.GetType()],
    };

    /// <summary>What people read of a problem of a configuration file, safe to show: a warning has no code.</summary>
    public static string Line(ConfigurationProblem problem) => problem.IsWarning ? problem.ToString() : $"{problem} ({Of(problem)})";
}
