using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync cluster</c>: addresses that move between machines, and the files from which they do.</summary>
internal sealed class ClusterCommand : Command
{
    public const string Word = "cluster";

    private const string Status = "status", Show = "show";

    private readonly SharedOptions shared;

    private Argument<string> Wanted { get; } = new("ACTION")
    {
        Description = $"{Status}: who holds which virtual address, now; {Show}: keepalived's files as cluster.conf makes them, and what differs there",
    };

    private Argument<string[]> Members { get; } = new("NODE")
    {
        Description = $"{Show}: only these of MEMBERS [default: all of them]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ClusterCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Say who holds which virtual address, or show keepalived's files; nothing is changed")
    {
        this.shared = shared;
        Wanted.CompletionSources.Add(Status, Show);
        Members.RefuseOptions();
        Add(Wanted);
        Add(Members);
        foreach (var option in new Option[] { shared.Format, shared.OutputFile, shared.Quiet, shared.Color }) Add(option);
        Validators.Add(Check);
        SetAction((call, cancellation) => runner.RunAsync(call, ExitStatus.NotCompared, "looked at", shared.ReporterOf(call, DocumentKind.Cluster), async context =>
            context.NodesNamed(Word, []) is not { } nodes ? null
            : call.GetValue(Wanted) == Show ? await ShowAsync(call, context, nodes, cancellation)
            : await LookAsync(call, context, nodes, cancellation)));
    }

    private void Check(CommandResult result)
    {
        if (result.GetResult(Wanted)?.Tokens is not [var token]) return;
        switch (token.Value)
        {
            case Status:
                shared.CheckOutput(result, "json");
                if (result.GetResult(Members)?.Tokens is [_, ..]) result.AddError($"{Word} {Status} takes no NODE: an address may be on any of them");
                break;
            case Show:
                if (result.IsGiven(shared.Format)) result.AddError($"{shared.Format.Name} is not for {Word} {Show}");
                break;
            default:
                result.AddError($"{Word} takes {Status} or {Show}, not \"{token.Value}\"");
                break;
        }
    }

    private async Task<int?> LookAsync(ParseResult call, CommandContext context, ImmutableArray<Node> nodes, CancellationToken cancellation)
    {
        context.Output.Status($"looking at {string.Join(' ', nodes)}");
        var roles = await new RolesRun(RequestOf(context, nodes), context.TransportTo).RunAsync(cancellation);
        context.Reporter.Ended(roles);
        var isText = shared.FormatOf(call) == OutputFormat.Text;
        return isText && !TryPrint(call, context, RolesText.Lines(roles, call.GetValue(shared.Quiet))) ? null : ExitStatus.Of(roles);
    }

    private async Task<int?> ShowAsync(ParseResult call, CommandContext context, ImmutableArray<Node> nodes, CancellationToken cancellation)
    {
        var path = Texts.Shown(context.Config.PerNode.ClusterPath);
        var cluster = context.Config.PerNode.Cluster ?? throw new WrongCallException($"there is no {path}: docs/clusters.md says what it holds");
        var names = (call.GetValue(Members) ?? []).Select(name => (Name: name, Member: MemberNamed(cluster, nodes, name))).ToList();
        if (names.Find(named => named.Member is null) is { Name: { } unknown })
        {
            throw new WrongCallException($"{Texts.Shown(unknown)} is no member in {path}, which names: {string.Join(' ', cluster.Members.Select(member => member.Name))}");
        }
        context.Output.Status($"looking at {string.Join(' ', nodes)}");
        var members = await new MemberFilesRun(RequestOf(context, nodes), cluster, context.TransportTo).RunAsync([.. names.Select(named => named.Member!.Name)], cancellation);
        var style = Screen.Diff(shared.Colored(call), isTerminal: !Console.IsOutputRedirected);
        return TryPrint(call, context, MemberFilesText.Lines(members, call.GetValue(shared.Quiet), style)) ? ExitStatus.Of(members) : null;
    }

    private static ClusterMember? MemberNamed(ClusterDefinition cluster, ImmutableArray<Node> nodes, string name) =>
        cluster.Members.FirstOrDefault(member => member.Name == name) ??
        (NodeSelection.Of(nodes, [name]).Nodes is [var node] ? cluster.MemberOf(node) : null);

    private static RolesRequest RequestOf(CommandContext context, ImmutableArray<Node> nodes) => new(context.Config, nodes, context.Sudo, CommandContext.Who);

    private bool TryPrint(ParseResult call, CommandContext context, IEnumerable<string> lines) =>
        TextReport.TryPrint(lines, context.Start.AbsoluteIfAny(call.GetValue(shared.OutputFile)), context.Output, Word);
}
