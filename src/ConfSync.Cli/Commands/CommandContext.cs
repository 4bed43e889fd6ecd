using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Cli.Commands;

/// <summary>What every command works with: the configuration, where its words go, and how nodes are reached.</summary>
/// <param name="Start">What relative paths of the command line are relative to.</param>
/// <param name="Verbose">Every path that changes is named.</param>
/// <param name="Sudo">Programs run under sudo where the user is not root, here and on the nodes.</param>
/// <param name="TransportTo">A way to log in to a node.</param>
internal sealed record CommandContext(
    SyncConfig Config, Output Output, Timeline Timeline, StartDirectory Start, bool Verbose, bool Sudo,
    Func<Node, ITransport> TransportTo)
{
    /// <summary>The primary and its user, as peers are to name them.</summary>
    public static string Who { get; } = $"{Environment.UserName}@{Environment.MachineName}{(SudoUser is { } user ? $" (sudo by {user})" : "")}";

    // Who asked sudo to run this as root: more than one administrator may be root here.
    private static string? SudoUser =>
        Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 and < 100 } user and not "root" ? user : null;

    /// <summary>What tells the run that begins now from all others.</summary>
    /// <param name="message">What the user said of it; null for nothing.</param>
    public static RunRecord NewRun(string? message) => RunRecord.New(DateTimeOffset.Now, Version, message);

    /// <summary>Of this program, with the commit, as --version shows it.</summary>
    public static string Version { get; } =
        typeof(CommandContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public required Interruption Interruption { get; init; }

    /// <summary>Tells programs what the run is.</summary>
    public required RunReporter Reporter { get; init; }

    /// <summary>The pattern of --limit; null for all nodes.</summary>
    public string? Limit { get; init; }

    /// <summary>A printer for what a run says, which answers a signal and tells programs as well.</summary>
    /// <param name="run">What the nodes record of it.</param>
    /// <param name="diff">How differences are written; null where they are not.</param>
    public PushPrinter PrinterOf(IReadOnlyList<Node> nodes, RunNature nature, RunRecord? run, DiffStyle? diff = null)
    {
        Reporter.Begin(nature, run, nodes);
        var printer = new PushPrinter(Output, Reporter, nodes, new PushText(nature, Verbose, diff), new InterruptText(Config));
        (Interruption.Asked, Interruption.CutOff) = (printer.AskedToEnd, printer.CutOff);
        return printer;
    }

    /// <summary>One node that need not be in NODES.</summary>
    /// <param name="from">What the user gave it to, such as <c>-c</c>.</param>
    /// <returns>Null where it is no node; then that has been said.</returns>
    public ImmutableArray<Node>? AnyNode(string from, string name)
    {
        if (Node.TryParse(name, out var node, out var problem)) return [node];
        Refuse($"{from} {Texts.Shown(name)}: {problem}{(name.Contains('/', StringComparison.Ordinal) ? "; is it a configuration file? That is given with -f" : "")}");
        return null;
    }

    /// <summary>Says which nodes there are, where a name that cannot be resolved is none of them: most likely one was meant.</summary>
    public void MentionNodes(Node node, TransportFailure? login)
    {
        if (login != TransportFailure.NameUnknown || Config.Nodes.IsEmpty || Config.Nodes.Contains(node)) return;
        Output.Error($"nginx-sync: {node} is not in NODES of {Config.Path}, which names: {string.Join(' ', Config.Nodes)}");
    }

    /// <summary>The call names what there is not.</summary>
    private void Refuse(string words)
    {
        Output.Error($"nginx-sync: {words}");
        Reporter.Fail(new RunError.Call(words));
    }

    /// <summary>The nodes of NODES that these words mean (<see cref="NodeSelection"/>); all of them where there are no words.</summary>
    /// <param name="from">What the user gave them to, such as <c>--node</c>.</param>
    /// <returns>Null where a word means none, or NODES is missing; then that has been said.</returns>
    public ImmutableArray<Node>? NodesNamed(string from, IReadOnlyCollection<string> names)
    {
        if (Config.MissingNodes is { } missing)
        {
            Output.Error($"nginx-sync: {MessageCodes.Line(missing)}");
            Reporter.Fail(new RunError.Configuration([missing]));
            return null;
        }
        if (Limited() is not { } nodes) return null;
        var selection = NodeSelection.Of(nodes, names);
        foreach (var name in selection.Unknown.Distinct())
        {
            if (name.TrimStart('!').Length == 0)
            {
                Refuse($"{from} {Texts.Shown(string.Join(' ', names))}: an item is empty: is there a comma too many?");
                continue;
            }
            Refuse($"{from} {Texts.Shown(name)}: it is not in NODES of {Config.Path}, which names: {string.Join(' ', Config.Nodes)}{(Limit is null ? "" : "; or --limit leaves it out")}");
        }
        if (!selection.Unknown.IsEmpty) return null;
        if (!selection.Nodes.IsEmpty) return selection.Nodes;
        Refuse($"{from} {Texts.Shown(string.Join(' ', names))}: that leaves none of NODES");
        return null;
    }

    /// <returns>Null where the pattern names what there is not, or leaves no node; then that has been said.</returns>
    private ImmutableArray<Node>? Limited()
    {
        if (Limit is null) return Config.Nodes;
        var hosts = Config.Nodes.Select(node => node.Name).Concat(Config.Nodes.Select(node => node.Address.Host));
        var pattern = HostPattern.Of(Limit, Config.Groups with { Hosts = [.. Config.Groups.Hosts.Union(hosts)] });
        foreach (var part in pattern.Unknown) Refuse($"--limit {Texts.Shown(part)}: there is no such node, and no such group of the inventory");
        if (!pattern.Unknown.IsEmpty) return null;
        ImmutableArray<Node> nodes = [.. Config.Nodes.Where(node => pattern.Hosts.Contains(node.Name) || pattern.Hosts.Contains(node.Address.Host))];
        if (!nodes.IsEmpty) return nodes;
        Refuse($"--limit {Texts.Shown(Limit)}: that leaves none of NODES");
        return null;
    }

    /// <summary>This user may write to what this machine remembers of runs.</summary>
    public bool RemembersRuns => ExclusiveRuns.MayRecord(Sudo);

    /// <summary>The runs that may change nodes.</summary>
    public ExclusiveRuns Runs => new(TransportTo, Timeline);

    /// <summary>The same, waiting for the lock as the call says; that is said where a person may be waiting.</summary>
    public ExclusiveRuns RunsOf(SharedOptions shared, ParseResult call)
    {
        var limit = shared.WaitOf(call);
        return new ExclusiveRuns(TransportTo, Timeline)
        {
            Wait = limit,
            Waiting = held =>
            {
                if (Verbose || Output.ShowsStatus) Output.Line($"nginx-sync: {OutcomeText.Waiting(held, limit)}");
            },
        };
    }

    /// <summary>Says why a run was not carried out.</summary>
    /// <param name="done">What the command does, as it is said to be not done: <c>pushed</c>.</param>
    /// <returns>The exit status.</returns>
    public int Explain(RunOutcome outcome, string done)
    {
        if (OutcomeText.Of(outcome, done) is { } words) Output.Error(words);
        Reporter.Fail(RunError.Of(outcome));
        return ExitStatus.Of(outcome);
    }

    /// <summary>Says what the time was spent on.</summary>
    /// <param name="line">Takes each line; null for where the run's own words go.</param>
    public void PrintTiming(IReadOnlyList<Node> nodes, Action<string>? line = null)
    {
        // Where standard output is a program's, or has only what is wrong, this is not for it.
        line ??= Output.IsQuiet || Output.IsForProgram ? Output.Error : Output.Line;
        var total = Timeline.Elapsed;
        using var self = Process.GetCurrentProcess();
        var startUp = DateTime.Now - self.StartTime - total;
        foreach (var text in TimingText.Lines(startUp, total, Timeline.Steps, nodes, Timeline.Traffic, Timeline.Tested, Timeline.Logins)) line(text);
    }
}
