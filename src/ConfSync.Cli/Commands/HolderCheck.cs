using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>Whether a push is this machine's to make: only the machine that holds a virtual address makes it.</summary>
internal sealed class HolderCheck(CommandContext context)
{
    /// <param name="instance">The instance whose addresses count; null or empty for the first one.</param>
    /// <returns>Null where the push is this machine's; else the exit status, after why has been said.</returns>
    public async Task<int?> StatusUnlessHolderAsync(string? instance, CancellationToken cancellation)
    {
        var answer = await new HolderRun(context.Config, context.Sudo, CommandContext.Who).RunAsync(string.IsNullOrEmpty(instance) ? null : instance, cancellation);
        if (answer is HolderAnswer.Holds) return null;
        if (answer is HolderAnswer.HoldsNot elsewhere)
        {
            var words = HolderText.Of(elsewhere, context.Output.IsQuiet ? null : await HolderAsync(elsewhere, cancellation));
            context.Output.Line($"nginx-sync: {words}");
            context.Reporter.EndedElsewhere(words);
            return ExitStatus.Success;
        }
        var problem = HolderText.Problem(answer, instance, context.Config.PerNode);
        context.Output.Error($"nginx-sync: {problem}");
        context.Reporter.Fail(new RunError.Call(problem));
        return ExitStatus.NothingPushed;
    }

    private async Task<string?> HolderAsync(HolderAnswer.HoldsNot elsewhere, CancellationToken cancellation)
    {
        context.Output.Status("looking which node holds the address");
        var request = new RolesRequest(context.Config, context.Config.Nodes, context.Sudo, CommandContext.Who);
        var roles = await new RolesRun(request, context.TransportTo).RunAsync(cancellation);
        return roles.Addresses.FirstOrDefault(address => address.Address.Equals(elsewhere.Address)) is { Holders.IsEmpty: false } held
            ? AddressText.Names(roles.HoldersOf(held)) : null;
    }
}
