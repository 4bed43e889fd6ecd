using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>What people read where something on the primary, or with the run as a whole, is wrong. The one place that makes
/// these sentences. Pure; names and the words of others are made safe to show.</summary>
internal static class PrimaryText
{
    /// <param name="done">What the command does: <c>pushed</c>.</param>
    public static string Of(PrimaryProblem problem, string done) => Failed(Step(problem), Of(problem.Fault), done, MessageCodes.Of(problem));

    /// <summary>The same of any step.</summary>
    /// <param name="step">To stand before "failed".</param>
    /// <param name="words">Safe to show; one or more lines.</param>
    public static string Failed(string step, string words, string done, MessageCode code) =>
        $"nginx-sync: {step} failed; nothing was {done} ({code}):\n{Indented(words)}";

    /// <summary>The same, where the run goes on.</summary>
    public static string Warning(PrimaryProblem problem) => $"nginx-sync: warning: {Step(problem)} failed:\n{Indented(Of(problem.Fault))}";

    private static string Indented(string words) => $"    {words.Replace("\n", "\n    ", StringComparison.Ordinal)}";

    private static string Step(PrimaryProblem problem) => problem.Place is { } place
        ? $"{Of(problem.Step)} to {PosixText.Printable(place)}"
        : Of(problem.Step);

    /// <summary>What was attempted, to stand before "failed".</summary>
    public static string Of(PrimaryStep step) => step switch
    {
        PrimaryStep.ReadCommitRecord => "reading the decision of an earlier push",
        PrimaryStep.Test => "testing the local nginx configuration",
        PrimaryStep.Scan => "looking at the local files",
        PrimaryStep.PostSync => "applying POSTSYNC",
        PrimaryStep.ReadContents => "reading the local files",
        PrimaryStep.Save => "saving the local files",
        PrimaryStep.TellApart => "telling the nodes apart",
        PrimaryStep.RollBack => "rolling back",
        PrimaryStep.Remember => "reading and writing what this machine remembers",
        _ => throw new UnreachableException(),
    };

    /// <summary>One or more lines.</summary>
    public static string Of(PrimaryFault fault) => fault switch
    {
        PrimaryFault.Said said when said.Words.StartsWith("sudo: ", StringComparison.Ordinal) =>
            $"{PosixText.PrintableLines(said.Words)}\n{OutcomeText.SudoRule(PosixText.Printable(Environment.UserName))}",
        PrimaryFault.Said said => PosixText.PrintableLines(said.Words),
        PrimaryFault.Refused refused => RefusalText.Of(refused.Refusal),
        PrimaryFault.CannotBePushed cannot => string.Join('\n', cannot.Problems.Select(Of)),
        PrimaryFault.Moved moved => RefusalText.Moved(moved.Path),
        PrimaryFault.PostSyncInapplicable postSync => string.Join('\n', postSync.Problems.Select(Of)),
        PrimaryFault.CommitRecordDamaged damaged => $"{damaged.Path} is damaged: {PosixText.PrintableLines(damaged.Words)}\n" +
            "nodes of that push may hold the new configuration or the old one. Move the file away, and push",
        _ => throw new UnreachableException(),
    };

    private static string Of(FileProblem problem) => problem switch
    {
        FileProblem.Missing { Path: var path } => $"{PosixText.Printable(path)}, named in CONFPATHS, does not exist on this machine" +
            (path.Contains(',', StringComparison.Ordinal) ? "; a comma belongs to the name: separate paths with blanks" : ""),
        FileProblem.Special { Path: var path } => $"{PosixText.Printable(path)} is a socket, device or fifo and cannot be pushed; " +
            "remove it or add it to EXCLUDE",
        FileProblem.Unreadable { Path: var path } => $"{PosixText.Printable(path)} cannot be read",
        FileProblem.NoTemplate { Path: var path } => $"{PosixText.Printable(path)}, a template that TEMPLATES names, does not exist on this machine",
        FileProblem.TemplateExcluded { Path: var path } => $"TEMPLATES: {PosixText.Printable(path)}: EXCLUDE matches it, so it is never pushed: " +
            "remove it from one of them",
        FileProblem.OwnFileOutside { Path: var path } => $"{PosixText.Printable(path)} is not beneath CONFPATHS on the node, where nothing is pushed: " +
            "move it, or add its path to CONFPATHS",
        FileProblem.NoValue no => $"{PosixText.Printable(no.Path)}:{no.Line}: {no.Node} has no value for %{{{no.Name}}}: write {no.Name}=… into " +
            PosixText.Printable(no.ValuesPath),
        FileProblem.NoMark no => $"{PosixText.Printable(no.Path)}:{no.Line}: %{{ begins no mark such as %{{ADDRESS}}: write %%{{ where it is to stay",
        FileProblem.TooLarge { Path: var path, Size: var size } => $"{PosixText.Printable(path)} has {RefusalText.Mebibytes(size)}, and a file of a " +
            $"push has {RefusalText.Mebibytes(SizeLimits.Most)} at most: keep it elsewhere, or add it to EXCLUDE",
        FileProblem.ForeignDirectories { Directories: var directories } => RefusalText.Foreign(directories, "on this machine"),
        _ => throw new UnreachableException(),
    };

    private static string Of(PostSyncProblem problem) => $"POSTSYNC for {PosixText.Printable(problem.Rule.File)}: " +
        (problem.IsThere ? "it is no regular file" : "there is no such file under CONFPATHS, or EXCLUDE matches it");
}
