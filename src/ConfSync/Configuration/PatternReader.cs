using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Configuration;

/// <summary>
/// Reads the variables that are lists of patterns. A text that is no pattern is an error. So is a pattern that most likely
/// means something else than the administrator thinks, because it would protect nothing and a push would delete what it was
/// to protect.
/// </summary>
/// <param name="confPaths">CONFPATHS; empty where they are wrong. A path outside of them is then not reported.</param>
internal sealed class PatternReader(Settings settings, ImmutableArray<string> confPaths)
{
    private const int Longest = 200;

    // Top directories that a directory of CONFPATHS hardly has of its own; /lib or /dev it may well have.
    private static readonly string[] RootDirectories = ["boot", "etc", "home", "media", "mnt", "opt", "proc", "root", "run", "srv", "sys", "tmp", "usr", "var"];

    public ImmutableArray<string> Read(string name)
    {
        var words = settings.Words(name);
        foreach (var word in words)
        {
            if ((ModifierProblem(word.Text) ?? ProblemOf(word.Text)) is { } problem) settings.Error(word.Line, $"{name}: {problem}");
        }
        return [.. words.Select(word => word.Text)];
    }

    // A blank separates patterns, so that a rule of rsync's comes as two of them.
    private static string? ModifierProblem(string text) => text is "+" or "-"
        ? $"'{text}' alone is the beginning of a rule of rsync's, and here are patterns only: remove it; what is named is left alone, and nothing can be taken back in. A file of that name is written [{text}]"
        : null;

    private string? ProblemOf(string text)
    {
        try
        {
            var pattern = new ExcludePattern(text);
            foreach (var path in confPaths) _ = pattern.Within(path);
            return (Braces(text) ?? Commas(text) ?? Outside(pattern)) is { } problem ? $"pattern '{Shown(text)}' {problem}" : null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static string? Braces(string text)
    {
        var open = BareAt(text, '{', 0);
        var comma = open < 0 ? -1 : BareAt(text, ',', open);
        var close = comma < 0 ? -1 : BareAt(text, '}', comma);
        if (close < 0) return null;
        var each = text[(open + 1)..close].Split(',').Select(part => text[..open] + part + text[(close + 1)..]);
        return $"has alternatives in braces, which rsync does not know: write each as a pattern of its own: {Shown(string.Join(' ', each))}";
    }

    private static string? Commas(string text) => BareAt(text, ',', 0) < 0 ? null :
        "has a comma, and patterns are separated by blanks: write " +
        $"{Shown(string.Join(' ', text.Split(',', StringSplitOptions.RemoveEmptyEntries)))}; a comma that belongs to a name is written [,]";

    // Nothing here looks whether a path is a directory: nginx.conf is none, conf.d is one.
    private string LikelyDirectory =>
        confPaths.FirstOrDefault(path => Path.GetExtension(path) is "" or ".d") ?? "/DIRECTORY";

    private string? Outside(ExcludePattern pattern)
    {
        var path = pattern.Text.TrimEnd('/');
        if (confPaths.IsEmpty || path.Split('/') is not ["", var top, _, ..]) return null;
        if (!RootDirectories.Contains(top) && confPaths.All(confPath => confPath.Split('/')[1] != top)) return null;
        if (confPaths.Any(confPath => AbsolutePath.IsAtOrUnder(path, confPath) || IsMatched(confPath))) return null;
        return "is a path outside CONFPATHS, where nothing is pushed or compared: remove it. " +
            $"If it is meant from the top of a directory of CONFPATHS, write that before it: {Shown(LikelyDirectory + pattern.Text)}";

        // Whether the pattern matches a file of CONFPATHS in its directory, such as /etc/nginx/*.conf.
        bool IsMatched(string confPath) =>
            path.StartsWith(PosixPath.Parent(confPath) + "/", StringComparison.Ordinal) &&
            pattern.Within(PosixPath.Parent(confPath)!)(PosixText.Encode(PosixPath.Name(confPath)), false);
    }

    // The index at which this character stands for itself, neither in brackets nor after a backslash; -1 for none.
    private static int BareAt(string text, char wanted, int from)
    {
        var isWild = Glob.IsWild(text);
        for (var at = 0; at < text.Length; at++)
        {
            if (at >= from && text[at] == wanted) return at;
            if (isWild && text[at] == '\\') at++;
            else if (text[at] == '[') at = Math.Max(at, text.IndexOf(']', Math.Min(at + 2, text.Length)));
        }
        return -1;
    }

    private static string Shown(string text) => PosixText.Printable(text.Length > Longest ? $"{text[..Longest]}…" : text);
}
