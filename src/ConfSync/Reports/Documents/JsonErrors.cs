using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Events;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>Why a run, or this program on a node, did not go on, as parts of documents. Pure.</summary>
internal static class JsonErrors
{
    public static JsonError Of(RunError error) => error switch
    {
        RunError.Configuration { Problems: var problems } => Plain(error) with { Problems = [.. problems.Select(JsonText.Of)] },
        RunError.Lock { Problem: var problem } => Plain(error) with { Lock = Of(problem) },
        RunError.OtherUnfinished { ConfigPath: var path } => Plain(error) with { Configuration = PosixText.Printable(path) },
        RunError.Primary { Problem: var problem } => Of(problem, Plain(error)),
        _ => Plain(error),
    };

    public static JsonRefusal Of(Refusal refusal) => new(
        RunNames.OfRecord(refusal), RefusalText.Of(refusal), Words(refusal), Shown(Paths(refusal)), Nodes(refusal), Runs(refusal));

    private static JsonError Plain(RunError error) => new(RunNames.OfRecord(error), error.Message) { MessageCode = MessageCodes.Of(error)?.ToString() };

    private static JsonError Of(PrimaryProblem problem, JsonError plain)
    {
        var error = plain with { Step = RunNames.Of(problem.Step), Fault = RunNames.OfRecord(problem.Fault) };
        return problem.Fault switch
        {
            PrimaryFault.Said { Words: var words } => error with { Words = PosixText.PrintableLines(words) },
            PrimaryFault.Refused { Refusal: var refusal } => error with { Refusal = Of(refusal) },
            PrimaryFault.CannotBePushed { Problems: var problems } => error with { Paths = [.. problems.SelectMany(Of)] },
            PrimaryFault.Moved { Path: var path } => error with { Paths = [Named(path, problem.Fault)] },
            PrimaryFault.PostSyncInapplicable { Problems: var problems } =>
                error with { Paths = [.. problems.Select(one => new JsonPathProblem(PosixText.Printable(one.Rule.File), one.IsThere ? "no-file" : "missing"))] },
            PrimaryFault.CommitRecordDamaged { Path: var path, Words: var words } =>
                error with { Words = PosixText.PrintableLines(words), Paths = [Named(path, problem.Fault)] },
            _ => error,
        };
    }

    private static JsonLock Of(LockProblem problem)
    {
        var holder = (problem as LockProblem.Held)?.Holder;
        return new JsonLock(PosixText.Printable(problem.Path), problem.OtherOwner, holder?.ProcessId, holder?.UserId, holder?.Program);
    }

    private static IEnumerable<JsonPathProblem> Of(FileProblem problem) => problem switch
    {
        FileProblem.Missing { Path: var path } => [Named(path, problem)],
        FileProblem.Special { Path: var path } => [Named(path, problem)],
        FileProblem.Unreadable { Path: var path } => [Named(path, problem)],
        FileProblem.TooLarge { Path: var path } => [Named(path, problem)],
        FileProblem.ForeignDirectories { Directories: var directories } => directories.Select(directory => Named(directory.Path, problem)),
        _ => [],
    };

    private static JsonPathProblem Named(string path, object why) => new(PosixText.Printable(path), RunNames.OfRecord(why));

    private static string? Words(Refusal refusal) => refusal switch
    {
        Refusal.Remains { Words: var words } => PosixText.PrintableLines(words),
        Refusal.NoView { Words: var words } => PosixText.PrintableLines(words),
        Refusal.HistoryUnreadable { Words: var words } => PosixText.PrintableLines(words),
        _ => null,
    };

    private static IEnumerable<string>? Paths(Refusal refusal) => refusal switch
    {
        Refusal.Conflicts { Found: var found } => found.Select(conflict => conflict.Path),
        Refusal.ParentGone { Path: var path } => [path],
        Refusal.ForeignDirectories { Directories: var directories } => directories.Select(directory => directory.Path),
        Refusal.TooManyDeletions { Excess.Deleted: var deleted } => deleted,
        Refusal.PrimaryMoved { Path: var path } => [path],
        Refusal.ChangedWhileActivated { Path: var path } => [path],
        Refusal.RetainedDamaged { Paths: var paths } => paths,
        Refusal.OutsideScope { Paths: var paths } => paths,
        Refusal.NoDirectoryFor { Paths: var paths } => paths,
        Refusal.EditedSince { Paths: var paths } => paths,
        Refusal.EditedByHand { Paths: var paths } => paths,
        _ => null,
    };

    private static ImmutableArray<string>? Nodes(Refusal refusal) => refusal switch
    {
        Refusal.SameMachine { First: var first, Second: var second } => [first.ToString(), second.ToString()],
        Refusal.PrimaryItself { Node: var node } => [node.ToString()],
        Refusal.RunNotRecorded { Node: var node } => [node.ToString()],
        Refusal.LaterRuns { OnNodes: var nodes } => [.. nodes.Select(one => one.Node.ToString())],
        Refusal.LastRunNotSeen { NotReached: { IsEmpty: false } nodes } => [.. nodes.Select(node => node.ToString())],
        Refusal.RollbackNotWhole { Nodes: var nodes } => [.. nodes.Select(node => node.ToString())],
        Refusal.SeveralHolders { Addresses: var addresses } => [.. addresses.SelectMany(address => address.Holders).Select(AddressText.NameOf).Distinct()],
        Refusal.NotOneState { OnNodes: var nodes } => [.. nodes.Select(one => one.Node.ToString())],
        _ => null,
    };

    private static ImmutableArray<string>? Runs(Refusal refusal) => refusal switch
    {
        Refusal.LaterRuns { Run: var run } => [run],
        Refusal.LastRunNotSeen { Run: var run, Before: var before } => [run, before],
        Refusal.NeverHad { Run: var run } => [run],
        Refusal.RollbackNotWhole { Run: var run } => [run],
        Refusal.RunNotRetained { Run: var run } => [PosixText.Printable(run)],
        Refusal.RunAmbiguous { Ids: var ids } => ids,
        Refusal.BeforeLowestRetained { Run: var run } => [run],
        _ => null,
    };

    private static ImmutableArray<string>? Shown(IEnumerable<string>? paths) => paths is null ? null : [.. paths.Select(PosixText.Printable)];
}
