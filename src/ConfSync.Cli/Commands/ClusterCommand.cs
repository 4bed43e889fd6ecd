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

    public const string Import = "import", Init = "init";

    private const string Status = "status", Show = "show";

    private readonly SharedOptions shared;
    private readonly ClusterInitOptions init = new();

    private Argument<string> Wanted { get; } = new("ACTION")
    {
        Description = $"{Status}: who holds which virtual address, now; {Show}: keepalived's files as cluster.conf makes them, and what differs there; {Import}: a cluster.conf from keepalived's files that there are; {Init}: set a cluster up; {ClusterMove.Move}: another member is to hold an instance's addresses; {ClusterMove.Drain}: a member is to hold none; {ClusterMove.Undrain}: it may again",
    };

    private Argument<string[]> Members { get; } = new("NODE")
    {
        Description = $"{Show}: only these of MEMBERS [default: all of them]; {Import}: these of NODES, or files, each as [NAME=]NODE or [NAME=]FILE; {Init}: the members beside this machine; {ClusterMove.Move}: the instance, then the member; {ClusterMove.Drain}, {ClusterMove.Undrain}: the member",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private Option<bool> Write { get; } = new("--write")
    {
        Description = $"{Import}: write the definition to where it counts, cluster.conf beside the configuration file",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> Force { get; } = new("--force")
    {
        Description = $"{Import}: replace a cluster.conf that is there; it stays beside as cluster.conf.old",
        Arity = ArgumentArity.Zero,
    };

    public ClusterCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Say who holds which virtual address, move one, show or read keepalived's files, or set a cluster up")
    {
        this.shared = shared;
        Wanted.CompletionSources.Add(Status, Show, Import, Init, ClusterMove.Move, ClusterMove.Drain, ClusterMove.Undrain);
        Members.RefuseOptions();
        Add(Wanted);
        Add(Members);
        foreach (var option in new Option[] { shared.Format, shared.OutputFile, shared.Quiet, shared.Color, shared.DryRun, Write, Force }) Add(option);
        foreach (var option in init.All) Add(option);
        Validators.Add(Check);
        SetAction((call, cancellation) => runner.RunAsync(call, ExitStatus.NotCompared, "looked at", shared.ReporterOf(call, DocumentKind.Cluster), async context =>
            call.GetValue(Wanted) == Import ? await ImportAsync(call, context, cancellation)
            : call.GetValue(Wanted) == Init ? await InitAsync(call, context, cancellation)
            : context.NodesNamed(Word, []) is not { } nodes ? null
            : ClusterMove.Is(call.GetValue(Wanted)) ? await ClusterMove.RunAsync(call, context, shared, nodes, call.GetValue(Wanted)!, call.GetValue(Members) ?? [], cancellation)
            : call.GetValue(Wanted) == Show ? await ShowAsync(call, context, nodes, cancellation)
            : await LookAsync(call, context, nodes, cancellation)));
    }

    private void Check(CommandResult result)
    {
        if (result.GetResult(Wanted)?.Tokens is not [var token]) return;
        RefuseOf(result, token.Value, Import, Write, Force);
        RefuseOf(result, token.Value, Init, init.All);
        if (!ClusterMove.Is(token.Value) && result.IsGiven(shared.DryRun)) result.AddError($"{shared.DryRun.Name} is for {Word} {ClusterMove.Move}, {ClusterMove.Drain} and {ClusterMove.Undrain}");
        switch (token.Value)
        {
            case ClusterMove.Move or ClusterMove.Drain or ClusterMove.Undrain:
                shared.CheckOutput(result, "json");
                shared.CheckOutputFile(result, "json");
                if (ClusterMove.ProblemOf(token.Value, result.GetResult(Members)?.Tokens.Count ?? 0) is { } problem) result.AddError(problem);
                break;
            case Status:
                shared.CheckOutput(result, "json");
                if (result.GetResult(Members)?.Tokens is [_, ..]) result.AddError($"{Word} {Status} takes no NODE: an address may be on any of them");
                break;
            case Init:
                foreach (var option in new Option[] { shared.Format, shared.OutputFile }.Where(option => result.IsGiven(option))) result.AddError($"{option.Name} is not for {Word} {Init}");
                break;
            case Show or Import:
                if (result.IsGiven(shared.Format)) result.AddError($"{shared.Format.Name} is not for {Word} {token.Value}");
                if (result.IsGiven(Write) && result.IsGiven(shared.OutputFile)) result.AddError($"{Write.Name} and -o exclude each other");
                break;
            default:
                result.AddError($"{Word} takes {Status}, {Show}, {Import}, {Init}, {ClusterMove.Move}, {ClusterMove.Drain} or {ClusterMove.Undrain}, not \"{token.Value}\"");
                break;
        }
    }

    private static void RefuseOf(CommandResult result, string action, string owner, params Option[] options)
    {
        foreach (var option in options.Where(option => action != owner && result.IsGiven(option))) result.AddError($"{option.Name} is for {Word} {owner}");
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
        var cluster = DefinitionOf(context);
        var names = (call.GetValue(Members) ?? []).Select(name => (Name: name, Member: MemberNamed(cluster, nodes, name))).ToList();
        if (names.Find(named => named.Member is null) is { Name: { } unknown })
        {
            throw NoMember(cluster, path, unknown);
        }
        context.Output.Status($"looking at {string.Join(' ', nodes)}");
        var members = await new MemberFilesRun(RequestOf(context, nodes), cluster, context.TransportTo).RunAsync([.. names.Select(named => named.Member!.Name)], cancellation);
        var style = Screen.Diff(shared.Colored(call), isTerminal: !Console.IsOutputRedirected);
        return TryPrint(call, context, MemberFilesText.Lines(members, call.GetValue(shared.Quiet), style)) ? ExitStatus.Of(members) : null;
    }

    private Task<int?> ImportAsync(ParseResult call, CommandContext context, CancellationToken cancellation)
    {
        var file = FileOf(context);
        file.Check(call);
        return new ClusterImportAction(file, call, context, call.GetValue(Members) ?? []).RunAsync(cancellation);
    }

    private Task<int?> InitAsync(ParseResult call, CommandContext context, CancellationToken cancellation) =>
        new ClusterInitAction(init, shared, FileOf(context), call, context, call.GetValue(Members) ?? []).RunAsync(cancellation);

    private ClusterFile FileOf(CommandContext context) => new(shared, context.Start, Write, Force, context.Config.PerNode.ClusterPath);

    /// <exception cref="WrongCallException">There is none.</exception>
    public static ClusterDefinition DefinitionOf(CommandContext context) => context.Config.PerNode.Cluster ??
        throw new WrongCallException($"there is no {Texts.Shown(context.Config.PerNode.ClusterPath)}: docs/clusters.md says what it holds");

    public static WrongCallException NoMember(ClusterDefinition cluster, string path, string name) =>
        new($"{Texts.Shown(name)} is no member in {path}, which names: {string.Join(' ', cluster.Members.Select(member => member.Name))}");

    /// <summary>The member that is meant by its name, or by that of its node; null for none.</summary>
    public static ClusterMember? MemberNamed(ClusterDefinition cluster, ImmutableArray<Node> nodes, string name) =>
        cluster.Members.FirstOrDefault(member => member.Name == name) ??
        (NodeSelection.Of(nodes, [name]).Nodes is [var node] ? cluster.MemberOf(node) : null);

    public static RolesRequest RequestOf(CommandContext context, ImmutableArray<Node> nodes) => new(context.Config, nodes, context.Sudo, CommandContext.Who);

    private bool TryPrint(ParseResult call, CommandContext context, IEnumerable<string> lines) =>
        TextReport.TryPrint(lines, context.Start.AbsoluteIfAny(call.GetValue(shared.OutputFile)), context.Output, Word, isWell: !call.GetValue(shared.Quiet));
}
