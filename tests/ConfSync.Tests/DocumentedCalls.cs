using System.Text.RegularExpressions;

namespace ConfSync.Tests;

/// <summary>The calls of nginx-sync that README.md and docs/*.md print, as a shell reads what stands behind the name. What a reader
/// puts in is put in: web1 for NODE, and so on.</summary>
internal static partial class DocumentedCalls
{
    /// <summary>The run that stands for RUN.</summary>
    public const string Run = "3f2a91c";

    /// <summary>Each call once in each file.</summary>
    public static IEnumerable<(string File, string Call)> All =>
        from file in Directory.EnumerateFiles(Repository.File("docs"), "*.md").Append(Repository.File("README.md"))
        from call in In(File.ReadAllText(file)).Distinct()
        select (Path.GetFileName(file), call);

    public static IEnumerable<string> In(string text) =>
        from part in InSpan().Matches(text).Select(match => match.Groups["call"].Value).Concat(
            from block in Block().Matches(text)
            from line in block.Groups["lines"].Value.Split('\n')
            from match in InLine().Matches(line)
            select match.Groups["call"].Value)
        select Filled(part.Trim());

    // What a reader puts in.
    private static string Filled(string call) => Placeholder().Replace(call.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal), match => match.Value switch
    {
        "RUN" => Run,
        "N" => "1",
        "TOPIC" => "EXCLUDE",
        "FILE" => "/tmp/file",
        "SECONDS" => "60",
        "TEXT" => "why",
        "NODE…" or "NODE …" or "NODE" => "web1",
        _ => "",
    });

    [GeneratedRegex("`nginx-sync(?<call>( [^`]*)?)`")]
    private static partial Regex InSpan();

    [GeneratedRegex("^ *```sh\n(?<lines>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<=^ *(sudo |.*\* \* \* root |.*&& )?)(/usr/local/sbin/)?nginx-sync(?<call>( [^&|;>#]*)?)(?=$|[&|;>#])")]
    private static partial Regex InLine();

    [GeneratedRegex(@"\b(RUN|N|FILE|TOPIC|SECONDS|TEXT|NODE ?…|NODE)(?= |$)|…|\boptions\b")]
    private static partial Regex Placeholder();
}
