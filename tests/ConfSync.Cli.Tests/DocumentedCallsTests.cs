using System.Text.RegularExpressions;
using ConfSync.Cli.Commands;
using ConfSync.Tests;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>Each call of nginx-sync that README.md and docs/*.md print is one that the command takes.</summary>
public sealed partial class DocumentedCallsTests
{
    private static readonly CommandLine Line = new(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave());

    private static IEnumerable<TestCaseData> Calls =>
        from file in Directory.EnumerateFiles(Repository.File("docs"), "*.md").Append(Repository.File("README.md"))
        from call in CallsIn(File.ReadAllText(file)).Distinct()
        select new TestCaseData(call).SetArgDisplayNames($"{Path.GetFileName(file)}: {call}");

    [TestCaseSource(nameof(Calls))]
    public void It_is_taken(string call) => Assert.That(Line.Root.Parse(call).Errors.Select(error => error.Message), Is.Empty);

    [Test]
    public void They_are_found() => Assert.That(
        CallsIn("""
            Run `nginx-sync history NODE -r`, or `nginx-sync diff [NODE…]`; `nginx-sync: this is a message`.
            ```sh
            sudo nginx-sync --node web1 && nginx-sync -C >/tmp/out   # both
            0 3 * * * root /usr/local/sbin/nginx-sync -q -l /var/log/nginx-sync.log
            cat /etc/nginx-sync.conf
            ```
            """),
        Is.EqualTo(["history web1 -r", "diff web1", "--node web1", "-C", "-q -l /var/log/nginx-sync.log"]));

    private static IEnumerable<string> CallsIn(string text) =>
        from part in InSpan().Matches(text).Select(match => match.Groups["call"].Value).Concat(
            from block in Block().Matches(text)
            from line in block.Groups["lines"].Value.Split('\n')
            from match in InLine().Matches(line)
            select match.Groups["call"].Value)
        select Filled(part.Trim());

    // What a reader puts in.
    private static string Filled(string call) => Placeholder().Replace(call.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal), match => match.Value switch
    {
        "RUN" => "3f2a91c",
        "N" => "3",
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

    [GeneratedRegex(@"\b(RUN|N|FILE|SECONDS|TEXT|NODE ?…|NODE)(?= |$)|…|\boptions\b")]
    private static partial Regex Placeholder();
}
