using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>What makes a primary's configuration one that not all can take.</summary>
public enum Poison
{
    None,

    /// <summary>The primary's own <c>nginx -t</c> fails.</summary>
    Broken,

    /// <summary>One peer's <c>nginx -t</c> fails: a file is missing there.</summary>
    Rejected,

    /// <summary>It passes, and one peer cannot serve it: a port is taken there.</summary>
    Unservable,
}

/// <summary>How a push is called.</summary>
/// <param name="Node">The only peer it is for; null for all.</param>
public sealed record PushOptions(
    int? Node = null, bool AllAtOnce = false, bool AllOrNone = false, bool DryRun = false, bool NoReload = false);

/// <summary>One step of a random program. Peers are numbers, taken modulo how many there are.</summary>
public abstract record Instruction
{
    /// <summary>The primary's tree changes: commands of <see cref="RandomTree"/>.</summary>
    public sealed record Edit(string Commands) : Instruction;

    /// <summary>The primary's site answers with another word.</summary>
    public sealed record Answer(string Word) : Instruction;

    /// <summary>The primary's configuration becomes one that is not good for all; or good again.</summary>
    public sealed record Poisoned(Poison Poison, int Peer) : Instruction;

    public sealed record Pushed(PushOptions Options) : Instruction;

    /// <summary>A push that stands still at a mark, where something happens.</summary>
    /// <param name="Mark">A peer's, or one of the primary's own.</param>
    public sealed record Hurt(PushOptions Options, string Mark, int Peer, Fault Fault) : Instruction;

    /// <summary>Somebody works on a peer.</summary>
    /// <param name="Word">What its site's file says from then on; empty for no change.</param>
    public sealed record ByHand(int Peer, string Commands, string Word) : Instruction;

    /// <param name="Node">Null for all peers.</param>
    /// <param name="Back">How many generations below the last one is meant by <c>--to</c>; null without.</param>
    public sealed record RolledBack(int? Node, int? Back, bool Force) : Instruction;

    public sealed record Settled : Instruction;

    public sealed record Compared : Instruction;

    public sealed record Listed : Instruction;
}
