using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>Reads <c>NODES</c>, and asks the inventory for the nodes of a group.</summary>
/// <param name="ask">Runs INVENTORY; null to leave out what only the inventory knows.</param>
/// <param name="report">Receives what is wrong with the inventory: the line, and the message.</param>
internal sealed class NodesReader(Settings settings, Func<ImmutableArray<string>, TimeSpan, InventoryAnswer>? ask, TimeSpan limit, Action<int, string> report)
{
    /// <summary>What an item begins with that is a pattern of the inventory's hosts.</summary>
    public const string OfInventory = "@ansible:";

    private const int MostNear = 3;

    private readonly List<Node> nodes = [];
    private AnsibleInventory? inventory;
    private bool isAsked;

    /// <summary>By the name of a node, what the inventory says of it.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, string>> Values { get; private set; } =
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;

    /// <summary>The inventory's groups.</summary>
    public HostGroups Groups => inventory?.Groups ?? HostGroups.None;

    public ImmutableArray<Node> Read()
    {
        foreach (var word in settings.Words("NODES"))
        {
            if (word.Text.StartsWith(OfInventory, StringComparison.Ordinal)) AddMatching(word);
            else if (Node.TryParse(word.Text, out var node, out var problem)) Add(node, word);
            else settings.Error(word.Line, $"NODES: {Quoted.Of(word.Text)}: {problem}");
        }
        return [.. nodes];
    }

    private void Add(Node node, Settings.Word word)
    {
        if (!nodes.Exists(other => other.Equals(node) || other.Name == node.Name)) nodes.Add(node);
        else settings.Error(word.Line, $"NODES: \"{node}\" stands there twice: remove one of them");
    }

    private void AddMatching(Settings.Word word)
    {
        if (Inventory(word.Line) is not { } known) return;
        var found = HostPattern.Of(word.Text[OfInventory.Length..], known.Groups);
        foreach (var part in found.Unknown)
        {
            report(word.Line, $"NODES: {Quoted.Of(word.Text)}: the inventory has no group and no host {Quoted.Of(part)}{Meant(part.TrimStart('!', '&'), known.Groups)}");
        }
        if (found is { Unknown.IsEmpty: true, Hosts.IsEmpty: true }) report(word.Line, $"NODES: {Quoted.Of(word.Text)}: this leaves no host of the inventory");
        // Patterns may overlap: a host of two groups is one node.
        foreach (var host in found.Hosts.Where(host => !Values.ContainsKey(host)))
        {
            if (!known.TryNode(host, out var node, out var problem))
            {
                report(word.Line, $"NODES: host {Quoted.Of(host)} of the inventory: {problem}");
                continue;
            }
            Add(node, word);
            Values = Values.SetItem(host, known.ValuesOf(host));
        }
    }

    private static string Meant(string part, HostGroups groups) =>
        Spelling.AllNearest(part, groups.Groups.Keys.Order(StringComparer.Ordinal).Concat(groups.Hosts)) is { Count: > 0 } near
            ? $": did you mean {string.Join(" or ", near.Take(MostNear).Select(PosixText.Printable))}?"
            : "";

    private AnsibleInventory? Inventory(int line)
    {
        if (isAsked || ask is null) return inventory;
        isAsked = true;
        ImmutableArray<string> command = settings.Words("INVENTORY") is { Count: > 0 } words ? [.. words.Select(word => word.Text)] : InventoryCommand.Default;
        var (json, problem) = ask(command, limit);
        try
        {
            if (json is not null) inventory = AnsibleInventory.Parse(json);
        }
        catch (FormatException exception)
        {
            problem = $"what {PosixText.Printable(command[0])} prints is no inventory: {PosixText.Printable(exception.Message)}";
        }
        if (problem is not null) report(settings.Find("INVENTORY")?.Line ?? line, $"INVENTORY: {problem}");
        return inventory;
    }
}
