using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>Reads keepalived.conf as keepalived 2.2 does: definitions, conditional lines, included files, statements and their blocks.
/// Definitions with arguments are left as they are.</summary>
internal sealed partial class KeepalivedText
{
    // keepalived itself stops at some depth; a value that holds its own name would have no end.
    private const int MostDepth = 9, MostExpansions = 1000;

    private readonly KeepalivedSource source;
    private readonly List<ConfigurationProblem> problems = [];
    private readonly Dictionary<string, string> definitions = new(StringComparer.Ordinal);
    private readonly Stack<List<KeepalivedStatement>> open = new([[]]);
    private int expansions;

    private KeepalivedText(KeepalivedSource source)
    {
        this.source = source;
        definitions["_INSTANCE"] = source.Name;
    }

    /// <returns>The statements outside all blocks, and what is wrong with the text as such.</returns>
    public static (ImmutableArray<KeepalivedStatement> Statements, ImmutableArray<ConfigurationProblem> Problems) Read(KeepalivedSource source)
    {
        var text = new KeepalivedText(source);
        text.File(source.MainPath, 0);
        if (text.open.Count > 1) text.Problem(source.MainPath, 0, "a { is never closed");
        while (text.open.Count > 1) text.Close(source.MainPath, 0);
        return ([.. text.open.Peek()], [.. text.problems]);
    }

    private void File(string path, int depth)
    {
        var lines = source.Files[path].Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var number = i + 1;
            if (Chosen(lines[i].Trim(' ', '\t', '\r')) is not { } line) continue;
            if (Definition().Match(line) is { Success: true } definition)
            {
                var value = definition.Groups["value"].Value;
                while (value.EndsWith('\\') && i + 1 < lines.Length) value = $"{value[..^1]}\n{lines[++i].TrimEnd('\r')}";
                definitions[definition.Groups["name"].Value] = value;
                continue;
            }
            foreach (var part in Expanded(line).Split('\n'))
            {
                if (Include().Match(part) is { Success: true } include) Included(path, number, include.Groups["file"].Value, depth);
                else Statement(path, number, part);
            }
        }
    }

    /// <summary>A line without its condition; null where it is not for this machine.</summary>
    private string? Chosen(string line)
    {
        if (!line.StartsWith('@')) return line;
        var end = line.AsSpan().IndexOfAny(' ', '\t');
        var (condition, rest) = end < 0 ? (line, "") : (line[..end], line[end..].TrimStart());
        return condition.StartsWith("@^", StringComparison.Ordinal) ? (condition[2..] == source.Name ? null : rest) : condition[1..] == source.Name ? rest : null;
    }

    private string Expanded(string line)
    {
        for (var at = 0; Reference().Match(line, at) is { Success: true } reference;)
        {
            var value = definitions.GetValueOrDefault(reference.Groups["name"].Value);
            at = reference.Index + (value is null ? reference.Length : 0);
            if (value is null) continue;
            if (++expansions > MostExpansions) return line;
            line = string.Concat(line.AsSpan(0, at), value, line.AsSpan(at + reference.Length));
        }
        return line;
    }

    private void Included(string path, int line, string name, int depth)
    {
        var wanted = PosixPath.Normalized(name.StartsWith('/') ? name : $"{PosixPath.Parent(path)}/{name}");
        var found = source.Files.Keys.Where(file => PosixPath.Parent(file) == PosixPath.Parent(wanted) &&
            FileSystemName.MatchesSimpleExpression(PosixPath.Name(wanted), PosixPath.Name(file), ignoreCase: false)).Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0) Problem(path, line, $"{Quoted.Of(name)} is included, and is not there or was not read: what it holds is not in the definition");
        else if (depth == MostDepth) Problem(path, line, $"{Quoted.Of(name)} is included too deeply");
        else foreach (var file in found) File(file, depth + 1);
    }

    private void Statement(string path, int line, string text)
    {
        var (words, written) = (new List<string>(), new List<string>());
        for (var at = 0; at < text.Length;)
        {
            switch (text[at])
            {
                case ' ' or '\t':
                    at++;
                    break;
                case '#' or '!':
                    at = text.Length;
                    break;
                case '{':
                    End();
                    open.Push([]);
                    at++;
                    break;
                case '}':
                    End();
                    if (open.Count == 1) Problem(path, line, "there is a } too many");
                    else Close(path, line);
                    at++;
                    break;
                default:
                    var word = Word().Match(text, at).Value;
                    if (word.Count(c => c == '"') % 2 != 0) Problem(path, line, "a \" is never closed: keepalived would crash");
                    words.Add(word.Replace("\"", "", StringComparison.Ordinal));
                    written.Add(word);
                    at += word.Length;
                    break;
            }
        }
        End();

        void End()
        {
            if (words.Count > 0) open.Peek().Add(new KeepalivedStatement(source.Machine + path, line, [.. words], string.Join(' ', written), null));
            words.Clear();
            written.Clear();
        }
    }

    private void Close(string path, int line)
    {
        var block = open.Pop();
        var outer = open.Peek();
        if (outer.Count == 0) Problem(path, line, "nothing stands before the { of a block");
        else outer[^1] = outer[^1] with { Block = [.. block] };
    }

    private void Problem(string path, int line, string message) => problems.Add(new ConfigurationProblem(source.Machine + path, line, message));

    [GeneratedRegex(@"^\$(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\s*include[rmwba]?\s+""?(?<file>[^\s""#!]+)""?")]
    private static partial Regex Include();

    // Quotes may hold all else; a reference that is not defined keeps its braces.
    [GeneratedRegex(@"\G(?:""[^""]*""?|\$\{[^}]*\}|[^\s{}""])+")]
    private static partial Regex Word();
}
