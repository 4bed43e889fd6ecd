using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary>What <c>nginx-sync cluster init</c> would ask for.</summary>
internal sealed class ClusterInitOptions
{
    public Option<string[]> Virtual { get; } = new("--virtual")
    {
        Description = $"{ClusterCommand.Init}: an address that moves, with the members that it prefers, or several with commas that move together",
        HelpName = "ADDRESS[=MEMBER,…]",
    };

    public Option<string?> OwnAddress { get; } = new("--own-address")
    {
        Description = $"{ClusterCommand.Init}: this machine's address as a member, or none [default: the likeliest one if keepalived is installed here]",
        HelpName = "ADDRESS",
    };

    public Option<string?> Track { get; } = new("--track")
    {
        Description = $"{ClusterCommand.Init}: what a member must answer to keep its addresses [default: nginx=http://127.0.0.1/]",
        HelpName = "SERVICE=URL",
    };

    public Option<bool> NoPreempt { get; } = new("--no-preempt")
    {
        Description = $"{ClusterCommand.Init}: a member that comes back does not take its addresses again",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> Yes { get; } = new("--yes")
    {
        Description = $"{ClusterCommand.Init}: ask nothing",
        Arity = ArgumentArity.Zero,
    };

    /// <summary>Those that a new definition follows from.</summary>
    public Option[] Proposing => [Virtual, OwnAddress, Track, NoPreempt];

    public Option[] All => [.. Proposing, Yes];
}
