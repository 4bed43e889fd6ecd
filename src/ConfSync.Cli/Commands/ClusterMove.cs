using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync cluster move</c>, <c>drain</c> and <c>undrain</c>.</summary>
internal static class ClusterMove
{
    public const string Move = "move", Drain = "drain", Undrain = "undrain";

    /// <summary>Whether this is one of them.</summary>
    public static bool Is(string? action) => action is Move or Drain or Undrain;

    /// <summary>What is wrong with the number of names; null where nothing is.</summary>
    public static string? ProblemOf(string action, int names) => (action, names) switch
    {
        (Move, 2) or (Drain or Undrain, 1) => null,
        (Move, _) => $"{ClusterCommand.Word} {Move} takes an instance and the member that is to hold its addresses: {ClusterCommand.Word} {Move} VI_1 web2",
        _ => $"{ClusterCommand.Word} {action} takes one member: {ClusterCommand.Word} {action} web1",
    };

    /// <exception cref="WrongCallException">There is no such instance or member.</exception>
    public static async Task<int?> RunAsync(
        ParseResult call, CommandContext context, SharedOptions shared, ImmutableArray<Node> nodes, string action, string[] names, CancellationToken cancellation)
    {
        var cluster = ClusterCommand.DefinitionOf(context);
        if (cluster.HasSyncGroup) throw new WrongCallException($"{Texts.Shown(context.Config.PerNode.ClusterPath)} has a vrrp_sync_group, whose instances keepalived moves together, whatever their priorities are");
        var wish = WishOf(cluster, nodes, Texts.Shown(context.Config.PerNode.ClusterPath), action, names);
        var planOnly = call.GetValue(shared.DryRun);
        var (taken, problem) = await RunLock.TryTakeAsync(context.Config.LockFile, context.Sudo, cancellation);
        if (taken is null)
        {
            context.Explain(new RunOutcome.NotLocked(problem!), "moved");
            return null;
        }
        await using (taken)
        {
            context.Output.Status(action == Move ? $"moving {wish.Instance} to {wish.Member}" : $"{action}ing {wish.Member}");
            var run = new MoveRun(new RolesRequest(context.Config, nodes, context.Sudo, CommandContext.Who), cluster, context.TransportTo);
            var outcome = await run.RunAsync(wish, planOnly, cancellation);
            var words = MoveText.Of(wish, outcome);
            context.Reporter.Ended(wish, outcome);
            if (!outcome.IsGood) context.Output.Error($"nginx-sync: {words}");
            else if (!call.GetValue(shared.Quiet)) context.Output.Line(words);
            return ExitStatus.Of(outcome);
        }
    }

    private static MoveWish WishOf(ClusterDefinition cluster, ImmutableArray<Node> nodes, string path, string action, string[] names)
    {
        var instance = action == Move ? names[0] : null;
        if (instance is not null && cluster.Instances.All(one => one.Name != instance))
        {
            throw new WrongCallException($"{Texts.Shown(instance)} is no instance of {path}, which has: {string.Join(' ', cluster.Instances.Select(one => one.Name))}");
        }
        var member = ClusterCommand.MemberNamed(cluster, nodes, names[^1]) ?? throw ClusterCommand.NoMember(cluster, path, names[^1]);
        return new MoveWish(action switch { Move => MoveVerb.Move, Drain => MoveVerb.Drain, _ => MoveVerb.Undrain }, instance, member.Name);
    }
}
