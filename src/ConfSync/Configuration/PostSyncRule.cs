using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>A rule that makes a file on the peers differ from the primary's.</summary>
/// <param name="File">The path, absolute and normalised.</param>
/// <param name="Expression">A script for sed. It is not checked here.</param>
/// <param name="Line">The line in the configuration file.</param>
public sealed record PostSyncRule(string File, string Expression, int Line = 0)
{
    /// <summary>The nodes that the rule is for, as <see cref="NodeSelection"/> reads them; null for all nodes.</summary>
    public string? For { get; init; }

    /// <param name="all"><c>NODES</c>.</param>
    public bool IsFor(Node node, ImmutableArray<Node> all) => For is null || NodeSelection.Of(all, [For]).Nodes.Contains(node);
}

/// <summary>
/// Takes <c>POSTSYNC</c> apart into items <c>file|expression</c>. The expression, the file or the whole item may be in
/// quotes. An expression without quotes includes blanks and quotes, and ends before a word that can only begin the next
/// item: an absolute path followed by <c>|</c>. <c>NODE:</c> before the path makes the rule one for this node alone.
/// </summary>
internal static partial class PostSyncItems
{
    /// <summary>One item, or what is wrong with it.</summary>
    internal readonly record struct Parsed(string File, string Expression, int Offset, string? Problem);

    /// <param name="isNode">Whether a text names nodes, because a sed expression may hold <c>text:/path|</c> as well.</param>
    public static IEnumerable<Parsed> Split(string value, Func<string, bool> isNode)
    {
        var reader = new ItemReader(value);
        while (reader.SkipBlanks()) yield return Read(reader, value, isNode);
    }

    /// <summary>Separates the nodes of a rule from its path.</summary>
    /// <returns>Node: null where the item names none.</returns>
    public static (string? Node, string File) Divide(string file) =>
        file.StartsWith('/') || file.IndexOf(":/", StringComparison.Ordinal) is not (> 0 and var colon)
            ? (null, file)
            : (file[..colon], file[(colon + 1)..]);

    private static Parsed Read(ItemReader reader, string value, Func<string, bool> isNode)
    {
        var file = reader.ReadItem(stop: '|');
        if (file.UnclosedQuote is char quote) return Wrong(file, Unclosed(quote));
        if (reader.Position == value.Length || value[reader.Position] != '|')
        {
            // The bar may be inside the quotes.
            return file.Text.Split('|', 2) is [var name, var script]
                ? new Parsed(name, script, file.Offset, script.Length == 0 ? NoExpression : null)
                : Wrong(file, "is not file|sed-expression: write /path/of/file|'s/this/that/'");
        }
        reader.Position++;
        var isQuoted = reader.Position < value.Length && value[reader.Position] is '\'' or '"';
        var expression = isQuoted ? reader.ReadItem() : ReadUnquoted(reader, value, isNode);
        return new Parsed(file.Text, expression.Text, file.Offset, expression switch
        {
            { UnclosedQuote: char open } => Unclosed(open),
            { Text: "" } => NoExpression,
            _ => null,
        });
    }

    private const string NoExpression = "has no expression after the |";

    private static string Unclosed(char quote) => $"has a {quote} that is never closed";

    private static Parsed Wrong(Item item, string problem) => new(item.Text, "", item.Offset, problem);

    private static Item ReadUnquoted(ItemReader reader, string value, Func<string, bool> isNode)
    {
        var start = reader.Position;
        var next = NextItem().Match(value, start);
        while (next is { Success: true, Groups: [_, { Success: true, Value: var before }] } && !isNode(before)) next = next.NextMatch();
        reader.Position = next.Success ? next.Index : value.Length;
        return new Item(value[start..reader.Position].TrimEnd(' ', '\t', '\n'), start, null);
    }

    /// <summary>Blanks, then an absolute path and a bar. The path may be in quotes, alone or together with the bar. Nodes
    /// and a colon may stand before it: the group.</summary>
    [GeneratedRegex("""[ \t\n]+(?:([^ \t\n|/'"\\]+):)?(?:/(?:\\[ \t]|[^ \t\n|])*|'/[^'|]*'?|"/[^"|]*"?)\|""")]
    private static partial Regex NextItem();
}
