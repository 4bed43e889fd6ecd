using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Bytes;

namespace ConfSync.Protocol;

/// <summary>What a running nginx reads, as <c>nginx -T</c> told it: names of files and some directives, no contents.</summary>
/// <param name="Files">The files that it read, the main one first.</param>
/// <param name="Includes">The patterns of its <c>include</c> directives, absolute, in their order.</param>
/// <param name="Modules">What it loads (<c>load_module</c>), as it is written.</param>
/// <param name="Certificates">The files of its certificates (<c>ssl_certificate</c>), absolute.</param>
/// <param name="PidFile">The file for its number, absolute; null where the configuration names none.</param>
/// <param name="Connections">The most connections of one worker (<c>worker_connections</c>).</param>
/// <param name="RaisesFileLimit">The configuration sets <c>worker_rlimit_nofile</c>.</param>
/// <param name="Said">What nginx said, one or more lines.</param>
/// <param name="Status">The exit status of its test; null where there was none.</param>
public sealed record NginxConfiguration(
    ImmutableArray<string> Files, ImmutableArray<string> Includes, ImmutableArray<string> Modules, ImmutableArray<string> Certificates,
    string? PidFile, int? Connections, bool RaisesFileLimit, string Said, int? Status)
{
    public static NginxConfiguration Unknown { get; } = new([], [], [], [], null, null, false, "", null);

    /// <summary>Reads the facts of the script (look/doctor-nginx.sh): a word and what follows it.</summary>
    /// <param name="prefix">The directory that the path of a pid file is relative to.</param>
    public static NginxConfiguration Parse(IEnumerable<string> facts, string prefix)
    {
        var (files, includes, modules) = (new List<string>(), new List<string>(), new List<string>());
        var (certificates, said) = (new List<string>(), new List<string>());
        string? pid = null;
        int? connections = null, status = null;
        var raises = false;
        foreach (var (word, value) in facts.Select(Split))
        {
            switch (word)
            {
                case "file":
                    files.Add(PosixPath.Normalized(value));
                    break;
                case "include":
                    includes.Add(Absolute(value));
                    break;
                case "load_module":
                    modules.Add(Unquoted(value));
                    break;
                case "ssl_certificate" when IsFile(Unquoted(value)):
                    certificates.Add(Absolute(value));
                    break;
                case "pid":
                    pid = From(prefix, value);
                    break;
                case "worker_connections":
                    connections = Number(value);
                    break;
                case "worker_rlimit_nofile":
                    raises = true;
                    break;
                case "said":
                    said.Add(value);
                    break;
                case "status":
                    status = Number(value);
                    break;
            }
        }
        return new NginxConfiguration(
            [.. files.Distinct()], [.. includes.Distinct()], [.. modules.Distinct()], [.. certificates.Distinct()], pid, connections, raises, string.Join('\n', said), status);

        // nginx looks for these beside its main file.
        string Absolute(string value) => From(files.Count > 0 ? PosixPath.Parent(files[0])! : prefix, value);
    }

    // One in the configuration itself, or with a name that each request makes, is no file.
    private static bool IsFile(string value) =>
        value.Length > 0 && !value.Contains('$', StringComparison.Ordinal) && !value.StartsWith("data:", StringComparison.Ordinal);

    private static (string Word, string Value) Split(string fact)
    {
        var end = fact.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (fact, "") : (fact[..end], fact[(end + 1)..].Trim());
    }

    private static string From(string directory, string value) =>
        PosixPath.Normalized(Unquoted(value) is ['/', ..] path ? path : $"{directory}/{Unquoted(value)}");

    private static string Unquoted(string value) => value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1] : value;

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
