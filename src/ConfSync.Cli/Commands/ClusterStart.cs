using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Cli.Commands;

/// <summary>Pushes keepalived's files to the members, starts keepalived where it does not run, and waits for the addresses.</summary>
internal sealed class ClusterStart(SharedOptions shared, ParseResult call, CommandContext context, ClusterSetup setup)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var config = ClusterSetupRun.ConfigOf(context.Config, setup.Cluster);
        ImmutableArray<Node> members = setup.HereNode is { } here ? [here, .. setup.Peers] : setup.Peers;
        var push = new PushRequest(config, members, DryRun: false, Reload: true, config.Ordered(shared.Rollout(call), members.Length), context.Sudo, CommandContext.Who)
        {
            Run = CommandContext.NewRun("cluster init"),
            IsMade = true,
            Here = setup.HereNode,
        };
        context.Output.IsQuiet = IsQuiet;
        using var printer = context.PrinterOf(members, new RunNature(RunKind.Push), push.Run);
        var outcome = await new ExclusiveRuns(TransportTo, context.Timeline).PushAsync(push, printer.Take, cancellation);
        if (outcome is not RunOutcome.Ended { Reports: var reports }) return context.Explain(outcome, "pushed");
        printer.Ended(reports);
        if (reports.Any(report => !report.IsGood))
        {
            printer.Conclude(reports);
            context.Output.Error($"nginx-sync: keepalived was started nowhere: when the files are on all members, run nginx-sync {ClusterCommand.Word} {ClusterCommand.Init} again");
            return ExitStatus.NodeFailed;
        }
        // What is wrong with the addresses is told on standard output, as by cluster status.
        context.Output.IsQuiet = false;
        return await StartAsync(new RolesRequest(config, setup.Peers, context.Sudo, CommandContext.Who), members, cancellation);
    }

    private bool IsQuiet => call.GetValue(shared.Quiet);

    private ITransport TransportTo(Node node) => node.Equals(setup.HereNode) ? new LocalShell() : context.TransportTo(node);

    private async Task<int> StartAsync(RolesRequest request, ImmutableArray<Node> members, CancellationToken cancellation)
    {
        var run = new ClusterSetupRun(request, TransportTo);
        context.Output.Status("starting keepalived");
        var started = await run.StartAsync(members, cancellation);
        foreach (var one in started) Say(one);
        if (started.Any(one => one.By is null)) return ExitStatus.NodeFailed;
        context.Output.Status("waiting for the addresses");
        var roles = await run.WaitAsync(cancellation);
        if (!IsQuiet) context.Output.Line("");
        foreach (var line in RolesText.Lines(roles, IsQuiet)) context.Output.Line(line);
        foreach (var advice in AdviceOn(roles)) context.Output.Error($"nginx-sync: {advice}");
        if (!IsQuiet && !context.Config.Pushes(KeepalivedFiles.ConfigurationPath))
        {
            context.Output.Line($"\nCONFPATHS does not hold {KeepalivedFiles.Directory}: after a change of {Texts.Shown(context.Config.PerNode.ClusterPath)}, run this again, or add it there.");
        }
        return roles is { IsComplete: true, EachIsHeldOnce: true, EachIsReady: true } ? ExitStatus.Success : ExitStatus.NodeFailed;
    }

    private void Say(StartedMember one)
    {
        switch (one.By)
        {
            case null:
                context.Output.Error($"nginx-sync: {one.Node}: keepalived was not started:\n{Texts.ShownLines(one.Words, "    ")}");
                break;
            case "running":
            case not null when IsQuiet:
                break;
            case "program":
                context.Output.Print(ReportLine.Star($"keepalived was started on {one.Node}. Nothing starts it at the next boot there: no systemd with a unit for it, and no OpenRC, was found"));
                break;
            default:
                context.Output.Print(ReportLine.Star($"keepalived was started on {one.Node} ({one.By}), also at each boot"));
                break;
        }
    }

    private IEnumerable<string> AdviceOn(ClusterRoles roles)
    {
        var faulty = roles.Machines.Where(machine => machine.Roles?.Instances.Any(instance => instance.State == VrrpState.Fault) == true).ToList();
        var isUnheld = roles.Addresses.Any(address => address.Holders.IsEmpty);
        if ((faulty.Count > 0 || isUnheld) && !setup.Cluster.Track.IsEmpty)
        {
            var urls = string.Join(", ", setup.Cluster.Track.Select(service => service.Url));
            var where = faulty.Count > 0 ? string.Join(", ", faulty.Select(RolesText.NameOf)) : "the members";
            yield return $"on {where}, does {urls} answer? keepalived asks there each second (TRACK)";
        }
        if (faulty.Count > 0 || isUnheld || roles.Machines.Any(machine => machine.KeepalivedIsMissed))
        {
            yield return $"keepalived's log there says more (journalctl -u keepalived, or syslog). Then run nginx-sync {ClusterCommand.Word} {ClusterCommand.Init} again";
        }
        if (roles.Addresses.Any(address => address.Holders.Length > 1))
        {
            yield return "two machines hold an address, so they do not hear each other: let protocol 112 (VRRP) pass between the members' addresses in each firewall";
        }
    }
}
