using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>The files of keepalived that a machine has.</summary>
/// <param name="Name">What the machine is called in a cluster's definition.</param>
/// <param name="Machine">What stands before a path in a message, such as <c>web1:</c>; empty for files of this machine.</param>
/// <param name="MainPath">The file that keepalived begins with.</param>
/// <param name="Files">Texts by path. A file that is included, or a program of a check, may be missing.</param>
/// <param name="Addresses">The machine's own addresses, the likeliest one first; none where they are not known.</param>
/// <param name="AreComplete">The machine has no other addresses than these.</param>
public sealed partial record KeepalivedSource(
    string Name, string Machine, string MainPath, ImmutableDictionary<string, string> Files, ImmutableArray<IPAddress> Addresses, bool AreComplete)
{
    /// <summary>The absolute paths of files that a text includes, and of programs that it has checks run.</summary>
    public static IEnumerable<string> PathsIn(string text) => Named().Matches(text).Select(match => match.Groups["path"].Value).Where(path => PosixPath.Normalized(path) == path);

    [GeneratedRegex(@"^\s*(?:script|include[rmwba]?)\s+""?(?<path>/[A-Za-z0-9._/+-]+)", RegexOptions.Multiline)]
    private static partial Regex Named();
}

/// <summary>A statement of keepalived.conf, with definitions put in.</summary>
/// <param name="File">The file, as messages name it.</param>
/// <param name="Words">At least one, without quotes.</param>
/// <param name="Written">The words as they are written.</param>
/// <param name="Block">What is in the braces behind it; null where there are none.</param>
internal sealed record KeepalivedStatement(
    string File, int Line, ImmutableArray<string> Words, string Written, ImmutableArray<KeepalivedStatement>? Block)
{
    public string Keyword => Words[0];

    /// <summary>The word behind the keyword; empty where there is none.</summary>
    public string Value => Words.ElementAtOrDefault(1) ?? "";

    public ImmutableArray<KeepalivedStatement> Inner => Block ?? [];

    /// <summary>The statement with its block, as lines.</summary>
    public IEnumerable<string> Lines() =>
        Block is null ? [Written] : [$"{Written} {{", .. Inner.SelectMany(inner => inner.Lines()).Select(line => $"    {line}"), "}"];
}
