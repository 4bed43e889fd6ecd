using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What became of addresses that were to be moved, for people. Pure.</summary>
internal static class MoveText
{
    /// <summary>One or more lines.</summary>
    public static string Of(MoveWish wish, MoveOutcome outcome) => outcome switch
    {
        MoveOutcome.Refused refused => $"nothing was changed: {Of(refused.Objection)}",
        MoveOutcome.AlreadySo => $"{Already(wish)}: nothing to do",
        MoveOutcome.Planned { Moves: var moves } => string.Join('\n', moves.Select(move => $"Would move {Of(move)}").Append(Planned(wish)).OfType<string>()) + "\nNothing was changed.",
        MoveOutcome.Done done => string.Join('\n', done.Moves.Select(move => FormattableString.Invariant($"Moved {Of(move)} in {done.Took.TotalSeconds:0.0} s")).Append(Done(wish)).OfType<string>()),
        MoveOutcome.Failed failed => Of(failed),
        _ => throw new UnreachableException(),
    };

    public static string Of(MoveObjection objection) => objection switch
    {
        MoveObjection.NotLookedAt not => $"{PosixText.Printable(not.Member)} is neither in NODES nor this primary",
        MoveObjection.NotOfInstance not => $"{not.Member} is no member of {not.Instance}, which has: {string.Join(' ', not.Members)}",
        MoveObjection.NotReached { Machine: var machine } => $"{Name(machine.Name)} does not tell its addresses: " +
            (machine.Failure is { } failure ? $"it could not be asked ({MessageCodes.Of(failure)}):\n{PosixText.PrintableLines(CompareText.Of(failure), "    ")}" : "is there a program ip?"),
        MoveObjection.Stopped stopped => $"keepalived does not run on {Name(stopped.Machine)}: start it there",
        MoveObjection.NotReady { State: { } state } ready => $"{ready.Instance} on {Name(ready.Machine)} is in the state {RunNames.Of(state)}, and cannot take the addresses",
        MoveObjection.NotReady ready => $"keepalived on {Name(ready.Machine)} does not say in which state {ready.Instance} is",
        MoveObjection.NotFollowing not => $"keepalived on {Name(not.Machine)} has no configuration with which its addresses can be moved: push first, " +
            "with /etc/keepalived in CONFPATHS",
        MoveObjection.IsDrained drained => $"{Name(drained.Machine)} is drained: nginx-sync cluster undrain {drained.Machine.Member} ends that",
        MoveObjection.NotOneHolder not => AddressText.Astray(not.Address),
        MoveObjection.NoOther none => $"no other machine can take {none.Instance} from {Name(none.Machine)}",
        _ => throw new UnreachableException(),
    };

    private static string Of(AddressMove move) => $"{move.Instance} ({string.Join(", ", move.Addresses)}) from {Name(move.From)} to {Name(move.To)}";

    private static string Of(MoveOutcome.Failed failed)
    {
        var why = failed.IsInterrupted ? "interrupted" : failed.Words is { } words ? PosixText.PrintableLines(words) : "the addresses were not seen to move";
        var back = failed.NotPutBack.IsEmpty ? "all was put back" : $"NOT PUT BACK on {string.Join(", ", failed.NotPutBack.Select(Name))}: call it again, or undo it with its opposite";
        var holders = failed.Moves.SelectMany(move => move.Addresses).Select(address => failed.Roles.Addresses.FirstOrDefault(held => held.Address.Equals(address))).OfType<HeldAddress>()
            .Select(failed.Roles.HoldersOf).Select(held => held.Holders.Length == 1 ? $"{Name(held.Holders[0])} holds {held.Address} ({held.Instance})" : AddressText.Astray(held));
        return string.Join('\n', holders.Prepend($"{why}; {back}"));
    }

    private static string Already(MoveWish wish) => wish.Verb switch
    {
        MoveVerb.Move => $"{wish.Member} holds {wish.Instance}",
        MoveVerb.Drain => $"{wish.Member} is drained",
        _ => $"{wish.Member} is not drained",
    };

    private static string? Planned(MoveWish wish) => wish.Verb switch
    {
        MoveVerb.Move => null,
        MoveVerb.Drain => $"Would drain {wish.Member}",
        _ => $"Would end that {wish.Member} is drained",
    };

    private static string? Done(MoveWish wish) => wish.Verb switch
    {
        MoveVerb.Move => null,
        MoveVerb.Drain => $"{wish.Member} is drained: it takes an address only if no other machine can, until nginx-sync cluster undrain {wish.Member}",
        _ => $"{wish.Member} is drained no more",
    };

    private static string Name(MachineName machine) => AddressText.NameOf(machine);
}
