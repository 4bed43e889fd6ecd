using System.CommandLine;
using ConfSync.Cli.Manual;
using ConfSync.Configuration;
using ConfSync.Primary;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync __complete -- WORDS</c>, which the shells' completion calls: a line for each candidate, with a tab and a
/// description; or the line <see cref="Files"/>.</summary>
internal sealed class CompleteCommand : Command
{
    public const string Word = "__complete";

    /// <summary>The shell is to offer the names of files.</summary>
    public const string Files = ":files";

    private readonly RootCommand root;
    private readonly SharedOptions shared;
    private readonly StartDirectory start;

    public CompleteCommand(RootCommand root, SharedOptions shared, StartDirectory start) : base(Word, "Print what may follow in a call")
    {
        (this.root, this.shared, this.start) = (root, shared, start);
        Hidden = true;
        var words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        Add(words);
        SetAction(call =>
        {
            var candidates = new Completion(root, ValuesOf).Of(call.GetValue(words) ?? []);
            call.InvocationConfiguration.Output.Write(candidates is null
                ? $"{Files}\n"
                : string.Concat(candidates.Select(candidate => $"{candidate.Text}\t{candidate.Description}\n")));
        });
    }

    private IEnumerable<Candidate>? ValuesOf(string name, string? file) => name switch
    {
        "FILE" => null,
        "NODE" or "PATTERN" => Nodes(NodesOf(file), RunLogShell.Path),
        "RUN|N" => RunsOf(RunLogShell.Path),
        "TOPIC" => new HelpTopics(root).Names.Select(topic => new Candidate(topic, "of the manual")),
        _ => [],
    };

    /// <summary>The runs that this primary remembers, the newest one first.</summary>
    /// <param name="path">Its record of runs. None where it cannot be read, as by a user who is not root.</param>
    internal static IEnumerable<Candidate> RunsOf(string path) => RecordedIn(path).Select(run => new Candidate(
        run.Run.ShortId, Texts.Shown($"{run.Run.Began?.LocalDateTime:yyyy-MM-dd HH:mm} {run.Who} {run.Run.Message}".TrimEnd())));

    /// <summary>The nodes. An inventory takes too long to answer at a prompt: where the file names no node by itself, those of the last
    /// runs are offered.</summary>
    /// <param name="named">Those that the file names.</param>
    /// <param name="path">The record of runs.</param>
    internal static IEnumerable<Candidate> Nodes(IReadOnlyCollection<string> named, string path) => named.Count > 0
        ? named.Select(node => new Candidate(node, "of NODES", IsListItem: true))
        : RecordedIn(path).SelectMany(run => run.Nodes).Select(node => Texts.Shown(node.Node)).Distinct().Select(node => new Candidate(node, "of an earlier run", IsListItem: true));

    private static IReadOnlyList<RecordedRun> RecordedIn(string path)
    {
        try
        {
            return [.. File.ReadAllLines(path).Reverse().Select(RecordedRun.Parse).OfType<RecordedRun>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // A file that is wrong or out of reach offers nothing: a shell's prompt is no place for messages.
    private IReadOnlyCollection<string> NodesOf(string? file)
    {
        try
        {
            var path = start.Absolute(file ?? (string)shared.Config.GetDefaultValue()!);
            return [.. ConfigurationFile.LoadWithoutInventory(path).Config?.Nodes.Select(node => node.Name) ?? []];
        }
        catch (WrongCallException)
        {
            return [];
        }
    }
}
