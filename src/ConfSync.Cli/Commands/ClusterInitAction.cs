using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync cluster init</c>: from members without a configuration of keepalived to a cluster that holds its addresses.</summary>
/// <param name="names">The other members, each as <c>[NAME=]NODE</c>; none to ask, or for all of NODES.</param>
internal sealed class ClusterInitAction(ClusterInitOptions options, SharedOptions shared, ClusterFile file, ParseResult call, CommandContext context, string[] names)
{
    private readonly Asker asker = new(context.Output);

    private bool Asks => !call.GetValue(options.Yes);

    /// <returns>The exit status; null where the call makes no sense, and that has been said.</returns>
    public async Task<int?> RunAsync(CancellationToken cancellation)
    {
        if (Asks && !Asker.IsPossible) throw new WrongCallException("there is no terminal to ask at: --yes asks nothing");
        var isNew = context.Config.PerNode.Cluster is null;
        if (!isNew && (names.Length > 0 || options.Proposing.Any(call.CommandResult.IsGiven)))
        {
            throw new WrongCallException($"{Texts.Shown(file.Path)} is there and is used as it is: change it, or call {ClusterCommand.Init} without members and options");
        }
        if (isNew) AskForMembers();
        if (context.NodesNamed($"{ClusterCommand.Word} {ClusterCommand.Init}", [.. names.Select(name => NameAndNode(name).Node)]) is not { } nodes) return null;
        context.Output.Status($"looking at {string.Join(' ', nodes)}");
        var looks = await new ClusterSetupRun(ClusterCommand.RequestOf(context, nodes), context.TransportTo).LookAsync(cancellation);
        foreach (var look in looks.Where(look => look.Failure is not null))
        {
            context.Output.Error($"nginx-sync: {NameOf(look)} could not be asked ({MessageCodes.Of(look.Failure!)}):\n{Texts.ShownLines(CompareText.Of(look.Failure!), "    ")}");
        }
        if (looks.Any(look => look.Failure is not null)) return ExitStatus.NotCompared;
        if ((context.Config.PerNode.Cluster ?? Proposed(looks)) is not { } cluster) return ExitStatus.NotCompared;
        var setup = new ClusterSetup(cluster, looks, nodes);
        var problems = setup.Problems.ToList();
        foreach (var problem in problems) context.Output.Error($"nginx-sync: {Texts.Shown(problem)}");
        if (problems.Count > 0) return ExitStatus.NotCompared;
        if (Asks || !call.GetValue(shared.Quiet)) await ShowAsync(cluster, nodes, isNew, cancellation);
        if (Asks && !asker.Confirm($"Put these files on {CompareText.Number(cluster.Members.Length, "member")}, and start keepalived where it does not run?"))
        {
            context.Output.Error("nginx-sync: nothing was changed");
            return ExitStatus.NotCompared;
        }
        if (isNew && !file.TryWrite(context.Output, ClusterText.Of(cluster))) return ExitStatus.NotCompared;
        return await new ClusterStart(shared, call, context, setup).RunAsync(cancellation);
    }

    private void AskForMembers()
    {
        if (names.Length > 0 || !Asks) return;
        names = asker.Ask($"The members beside this machine, of NODES [{string.Join(' ', context.Config.Nodes)}]: ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string NameOf(MachineLook look) => look.Node is { } node ? $"{node}" : "this machine";

    private static (string? Name, string Node) NameAndNode(string text) =>
        text.Split('=', 2) is [var name, var node] ? (name, node) : (null, text);

    private ClusterDefinition? Proposed(ImmutableArray<MachineLook> looks)
    {
        var wanted = Virtual();
        if (wanted.Length == 0)
        {
            context.Output.Error($"nginx-sync: no virtual address was named: {options.Virtual.Name} ADDRESS");
            return null;
        }
        var moving = wanted.SelectMany(SetupProposal.AddressesIn).ToHashSet();
        var members = ImmutableArray.CreateBuilder<ProposedMember>();
        if (OwnOf(looks[0].Setup!, moving) is { } own) members.Add(own);
        foreach (var look in looks.Skip(1))
        {
            if (look.Setup!.Likeliest(look.Node!.Address.Host, moving) is not { } link) throw new WrongCallException($"{look.Node} has no address that a cluster could use");
            members.Add(new ProposedMember(MemberNameOf(look), link.Address, link.Link));
        }
        var proposed = SetupProposal.Of(file.Path, members.ToImmutable(), wanted, call.GetValue(options.Track), !call.GetValue(options.NoPreempt));
        foreach (var problem in proposed.Problems) context.Output.Error($"nginx-sync: {problem.Message}");
        return proposed.Cluster;
    }

    private string[] Virtual()
    {
        if (call.GetValue(options.Virtual) is { Length: > 0 } given) return given;
        return Asks ? asker.Ask("Virtual addresses, each as ADDRESS, or ADDRESS=MEMBER for the preferred member: ").Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>This machine as a member; null where it is none.</summary>
    private ProposedMember? OwnOf(MachineSetup here, HashSet<IPAddress> moving)
    {
        const string None = "none";
        var guess = here.HasProgram ? here.Likeliest(null, moving) : null;
        var shown = guess is null ? None : $"{guess.Address}/{guess.Link}";
        var answer = call.GetValue(options.OwnAddress) ?? (Asks ? asker.Ask($"This machine's address in the cluster, or {None} [{shown}]: ") : "");
        if (answer.Length == 0) answer = shown;
        if (answer == None) return null;
        var parts = answer.Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out var address) || here.Links.FirstOrDefault(link => link.Address.Equals(address)) is not { } own)
        {
            throw new WrongCallException($"{Texts.Shown(answer)} is no address of this machine, which has: {string.Join(' ', here.Links.Select(link => $"{link.Address}/{link.Link}"))}");
        }
        return new ProposedMember(here.Name.Length > 0 ? here.Name : "primary", address, parts is [_, var link] ? link : own.Link);
    }

    private string MemberNameOf(MachineLook look) =>
        names.Select(NameAndNode).Where(named => named.Name is not null && NodeSelection.Of([look.Node!], [named.Node]).Nodes.Length == 1).Select(named => named.Name).FirstOrDefault() ??
        (IPAddress.TryParse(look.Node!.Address.Host, out _) ? (look.Setup!.Name.Length > 0 ? look.Setup.Name : look.Node.Address.Host) : look.Node.Address.Host);

    private async Task ShowAsync(ClusterDefinition cluster, ImmutableArray<Node> nodes, bool isNew, CancellationToken cancellation)
    {
        context.Output.Line($" * {Texts.Shown(file.Path)}{(isNew ? ", which is new" : "")}:");
        context.Output.Page(Texts.ShownLines(ClusterFile.Shown(ClusterText.Of(cluster)), "    ").TrimEnd() + "\n\n");
        var request = ClusterCommand.RequestOf(context, nodes);
        var members = await new MemberFilesRun(request, cluster, context.TransportTo).RunAsync([], cancellation);
        var style = Screen.Diff(shared.Colored(call), isTerminal: !Console.IsOutputRedirected);
        foreach (var line in MemberFilesText.Lines(members, quiet: false, style)) context.Output.Line(line);
    }
}
