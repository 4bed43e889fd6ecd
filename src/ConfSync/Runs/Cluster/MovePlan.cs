using System.Collections.Immutable;
using System.Net;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>What is wanted of the addresses of a cluster.</summary>
public enum MoveVerb
{
    /// <summary>Another member is to hold the addresses of an instance, until it is moved again.</summary>
    Move,

    /// <summary>A member is to hold none, for maintenance.</summary>
    Drain,

    /// <summary>A member takes part again.</summary>
    Undrain,
}

/// <param name="Instance">Null unless one is moved.</param>
/// <param name="Member">Where it goes, or who is drained.</param>
public sealed record MoveWish(MoveVerb Verb, string? Instance, string Member);

/// <summary>The addresses of an instance that go from one machine to another.</summary>
public sealed record AddressMove(string Instance, ImmutableArray<IPAddress> Addresses, MachineName From, MachineName To);

/// <summary>A number that keepalived of a machine is to add to priorities.</summary>
/// <param name="Machine">By its index in <see cref="ClusterRoles.Machines"/>.</param>
/// <param name="Name">Of the file (<see cref="KeepalivedFiles.PlacedPath"/>).</param>
/// <param name="Value">0: no file.</param>
public sealed record PlacedValue(int Machine, string Name, int Value);

/// <summary>How addresses are moved.</summary>
/// <param name="Moves">What is to be seen in the end.</param>
/// <param name="First">What is written first, in this order.</param>
/// <param name="Then">What is written once keepalived has read that.</param>
/// <param name="AtEnd">What is written once all has moved.</param>
public sealed record MovePlan(
    ImmutableArray<AddressMove> Moves, ImmutableArray<PlacedValue> First, ImmutableArray<PlacedValue> Then, ImmutableArray<PlacedValue> AtEnd)
{
    /// <summary>All is as it is wanted.</summary>
    public bool IsEmpty => First.IsEmpty && Then.IsEmpty;
}

/// <summary>Why addresses are not moved. A closed set of records.</summary>
public abstract record MoveObjection
{
    private MoveObjection()
    {
    }

    /// <summary>The member is neither in NODES nor the primary.</summary>
    public sealed record NotLookedAt(string Member) : MoveObjection;

    /// <summary>The member is not one of the instance.</summary>
    public sealed record NotOfInstance(string Member, string Instance, ImmutableArray<string> Members) : MoveObjection;

    public sealed record NotReached(MachineInCluster Machine) : MoveObjection;

    public sealed record Stopped(MachineName Machine) : MoveObjection;

    /// <summary>Its instance cannot take the addresses.</summary>
    /// <param name="State">Null where keepalived did not say.</param>
    public sealed record NotReady(MachineName Machine, string Instance, VrrpState? State) : MoveObjection;

    /// <summary>What its keepalived has read has no line for the files by which an address is moved.</summary>
    public sealed record NotFollowing(MachineName Machine) : MoveObjection;

    public sealed record IsDrained(MachineName Machine) : MoveObjection;

    /// <summary>An address has no holder, or several.</summary>
    public sealed record NotOneHolder(AddressHolders Address) : MoveObjection;

    /// <summary>No other machine can take the addresses.</summary>
    public sealed record NoOther(string Instance, MachineName Machine) : MoveObjection;
}

/// <summary>Addresses cannot be moved as it is wanted.</summary>
public sealed class MoveException(MoveObjection objection) : Exception(objection.ToString())
{
    public MoveObjection Objection => objection;
}
