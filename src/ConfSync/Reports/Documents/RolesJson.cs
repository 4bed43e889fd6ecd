using System.Collections.Immutable;
using System.Text.Json;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>Who holds which address, as a JSON document. Pure.</summary>
internal static class RolesJson
{
    public static string Write(DocumentHead head, ClusterRoles roles) => JsonText.Document(head, writer => Write(writer, roles));

    /// <summary>What became of addresses that were to be moved.</summary>
    public static void Write(Utf8JsonWriter writer, MoveWish wish, MoveOutcome outcome)
    {
        ImmutableArray<AddressMove> moves = outcome switch
        {
            MoveOutcome.Planned planned => planned.Moves,
            MoveOutcome.Done done => done.Moves,
            MoveOutcome.Failed failed => failed.Moves,
            _ => [],
        };
        writer.Write(
            "move", new JsonMoved(
                RunNames.Of(wish.Verb), RunNames.OfRecord(outcome),
                [.. moves.Select(move => new JsonMove(move.Instance, [.. move.Addresses.Select(address => address.ToString())], AddressText.NameOf(move.From), AddressText.NameOf(move.To)))],
                outcome is MoveOutcome.Done { Took: var took } ? JsonText.Seconds(took) : null),
            JsonPartsContext.Default.JsonMoved);
    }

    /// <summary>What stands behind the head.</summary>
    public static void Write(Utf8JsonWriter writer, ClusterRoles roles)
    {
        writer.Write(
            "counts", new JsonRoleCounts(
                roles.Addresses.Length, roles.Addresses.Count(address => address.Holders.IsEmpty), roles.Addresses.Count(address => address.Holders.Length > 1),
                roles.Machines.Length, roles.Machines.Count(machine => !machine.IsKnown) + roles.Missing.Length, roles.Machines.Count(machine => machine.IsImpaired)),
            JsonPartsContext.Default.JsonRoleCounts);
        writer.WriteAll("addresses", roles.Addresses.Select(address => Of(roles, address)), JsonPartsContext.Default.JsonHeldAddress);
        writer.WriteAll("machines", roles.Machines.Select((machine, index) => Of(roles, machine, index)), JsonPartsContext.Default.JsonMachineRoles);
        writer.WriteAll("missing", roles.Missing);
    }

    private static JsonHeldAddress Of(ClusterRoles roles, HeldAddress address) => new(
        address.Instance, address.Address.ToString(), [.. address.Holders.Select(index => RolesText.NameOf(roles.Machines[index]))]);

    private static JsonMachineRoles Of(ClusterRoles roles, MachineInCluster machine, int index) => new(
        RolesText.NameOf(machine), machine.Node?.ToString(), machine.Member, machine.Roles is not null,
        machine.Roles is { } said ? RunNames.Of(said.Keepalived) : null,
        [.. roles.Addresses.Where(address => address.Holders.Contains(index)).Select(address => address.Address.ToString())],
        [
            .. machine.Roles?.Instances.Select(instance => new JsonInstance(
                instance.Name, instance.State is { } state ? RunNames.Of(state) : null, [.. instance.Addresses.Select(address => address.ToString())])
            {
                Moved = machine.IsPreferredFor(instance.Name) ? true : null,
            }) ?? [],
        ],
        machine.Failure is { } failure ? JsonText.Lines(CompareText.Of(failure)) : null, JsonText.Seconds(machine.Took))
    {
        MessageCode = JsonText.MessageCode(machine.Failure),
        Drained = machine.IsDrained ? true : null,
    };
}
