using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ConfSync.Inventory;

/// <summary>Some of the nodes of <c>NODES</c>, as the user names them on the command line.</summary>
/// <param name="Nodes">The selected nodes, in the order of <c>NODES</c>.</param>
/// <param name="Unknown">The items that match no node, as the user wrote them.</param>
public sealed record NodeSelection(ImmutableArray<Node> Nodes, ImmutableArray<string> Unknown)
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Selects nodes. Each word is a list of items, separated by commas. An item is a node as <c>NODES</c> writes it, its
    /// host alone, or a pattern of these (<c>*</c> for any characters, <c>?</c> for one, <c>[…]</c> for one of a set). An item that begins with <c>!</c>
    /// removes its nodes. If all items do, they remove nodes from all nodes.
    /// </summary>
    /// <param name="words">The words; none selects all nodes.</param>
    public static NodeSelection Of(ImmutableArray<Node> all, IEnumerable<string> words)
    {
        var items = words.SelectMany(word => word.Split(',')).ToList();
        if (items.Count == 0) return new NodeSelection(all, []);
        var (named, unnamed) = (new HashSet<Node>(), new HashSet<Node>());
        var unknown = ImmutableArray.CreateBuilder<string>();
        foreach (var item in items)
        {
            var (set, name) = item is ['!', .. var rest] ? (unnamed, rest) : (named, item);
            var found = Matching(all, name);
            if (found.IsEmpty) unknown.Add(item);
            set.UnionWith(found);
        }
        var onlyWithout = items.All(item => item is ['!', ..]);
        return new NodeSelection(
            [.. all.Where(node => (onlyWithout || named.Contains(node)) && !unnamed.Contains(node))], unknown.ToImmutable());
    }

    // An exact name takes precedence, because one host may be several nodes with different users or ports.
    private static ImmutableArray<Node> Matching(ImmutableArray<Node> all, string name)
    {
        ImmutableArray<Node> exact = [.. all.Where(node => node.Name == name)];
        return exact.IsEmpty ? [.. all.Where(node => IsLike(node.Address.Host, name) || IsLike(node.Name, name))] : exact;
    }

    private static bool IsLike(string text, string name)
    {
        if (!name.AsSpan().ContainsAny('*', '?', '[')) return text.Equals(name, StringComparison.OrdinalIgnoreCase);
        try
        {
            return Regex.IsMatch(text, $@"\A{HostPattern.OfGlob(name)}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline, LongestMatch);
        }
        catch (ArgumentException)
        {
            // A set such as [z-a] matches nothing.
            return false;
        }
    }
}
