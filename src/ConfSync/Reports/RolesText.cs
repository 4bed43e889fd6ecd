using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>Who holds which address, for people: what is wrong first, then a line for each address and for each machine. Pure.</summary>
internal static class RolesText
{
    private const string Nothing = "-";

    private static readonly string[] AddressHead = ["INSTANCE", "ADDRESS", "HELD BY"];
    private static readonly string[] MachineHead = ["MACHINE", "KEEPALIVED", "HOLDS", "INSTANCES"];

    /// <param name="quiet">Only what is wrong, and nothing if all is well.</param>
    public static IEnumerable<string> Lines(ClusterRoles roles, bool quiet)
    {
        var wrong = Wrong(roles).ToList();
        if (quiet) return wrong;
        return
        [
            .. wrong, .. wrong.Count > 0 ? [""] : Array.Empty<string>(),
            .. roles.Addresses.IsEmpty ? [] : Table([AddressHead, .. roles.Addresses.Select(address => AddressRow(roles, address))]).Append(""),
            .. Table([MachineHead, .. roles.Machines.Select((machine, index) => MachineRow(roles, machine, index))]), "",
            Total(roles),
        ];
    }

    /// <summary>How it all is, in one line.</summary>
    public static string Total(ClusterRoles roles)
    {
        var looked = $"{CompareText.Number(roles.Machines.Count(machine => machine.IsKnown), "machine")} looked at";
        var (none, several) = (roles.Addresses.Count(address => address.Holders.IsEmpty), roles.Addresses.Count(address => address.Holders.Length > 1));
        var words = roles.Addresses.IsEmpty ? "no virtual address is known"
            : roles.EachIsHeldOnce ? "every virtual address has one holder"
            : string.Join(", ", [.. Counted(none, "without a holder"), .. Counted(several, "with several holders")]);
        return roles.IsComplete ? $"{looked}: {words}." : $"{looked}: {words}; not all machines could be asked.";

        static string[] Counted(int count, string words) => count == 0 ? [] : [$"{count} virtual address{(count == 1 ? "" : "es")} {words}"];
    }

    public static string NameOf(MachineInCluster machine) => AddressText.NameOf(machine.Name);

    private static IEnumerable<string> Wrong(ClusterRoles roles)
    {
        if (roles.Addresses.IsEmpty) yield return "No virtual address is known: there is no cluster.conf, and no machine that was asked has a keepalived that names one";
        foreach (var address in roles.Addresses.Where(address => address.Holders.Length > 1))
        {
            yield return $"!! {AddressText.Astray(roles.HoldersOf(address))}";
        }
        foreach (var address in roles.Addresses.Where(address => address.Holders.IsEmpty))
        {
            yield return roles.IsComplete
                ? $"!! {AddressText.Astray(roles.HoldersOf(address))}"
                : $"!! NO MACHINE THAT WAS REACHED HOLDS {address.Address} ({address.Instance})";
        }
        foreach (var (machine, index) in roles.Machines.Select((machine, index) => (machine, index)))
        {
            foreach (var words in WrongOn(roles, machine, index)) yield return $"{NameOf(machine)}: {words}";
        }
        foreach (var name in roles.Missing) yield return $"{name}: it is in cluster.conf and not in NODES, and was not looked at";
    }

    private static IEnumerable<string> WrongOn(ClusterRoles roles, MachineInCluster machine, int index)
    {
        if (machine.Failure is { } failure) yield return $"could not be asked ({MessageCodes.Of(failure)}):\n{PosixText.PrintableLines(CompareText.Of(failure), "    ")}";
        if (machine.Roles is not { } said) yield break;
        var held = roles.Addresses.Where(address => address.Holders.Contains(index)).Select(address => address.Address).ToHashSet();
        if (!said.AreAddressesKnown) yield return "it does not tell its addresses: is there a program ip?";
        if (said.Keepalived == KeepalivedPresence.Stopped && held.Count > 0)
        {
            yield return $"keepalived does not run there, and it has {string.Join(", ", held)} all the same: start keepalived there, or remove the address with ip addr del";
        }
        else if (machine.KeepalivedIsMissed)
        {
            yield return "keepalived does not run there, so it cannot take over";
        }
        foreach (var instance in said.Instances)
        {
            if (instance.State == VrrpState.Fault) yield return $"{instance.Name} is in the state fault, so it cannot take over";
            if (instance.State == VrrpState.Master && said.AreAddressesKnown && instance.Addresses.FirstOrDefault(address => !said.Addresses.Contains(address)) is { } lost)
            {
                yield return $"keepalived says that it is master of {instance.Name}, and {lost} is not there: restart keepalived there, or fail over";
            }
        }
    }

    private static string[] AddressRow(ClusterRoles roles, HeldAddress address) =>
        [address.Instance, address.Address.ToString(), address.Holders.IsEmpty ? Nothing : AddressText.Names(roles.HoldersOf(address))];

    private static string[] MachineRow(ClusterRoles roles, MachineInCluster machine, int index)
    {
        if (machine.Roles is not { } said) return [NameOf(machine), Nothing, Nothing, Nothing];
        var instances = said.Instances.Select(instance => (instance.State is { } state ? $"{instance.Name} {RunNames.Of(state)}" : instance.Name) + (machine.IsPreferredFor(instance.Name) ? " (moved here)" : ""));
        return
        [
            NameOf(machine), machine.IsDrained ? $"{RunNames.Of(said.Keepalived)}, drained" : RunNames.Of(said.Keepalived),
            machine.IsKnown ? $"{roles.Addresses.Count(address => address.Holders.Contains(index))}" : Nothing,
            said.Instances.IsEmpty ? Nothing : string.Join(", ", instances),
        ];
    }

    private static IEnumerable<string> Table(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
