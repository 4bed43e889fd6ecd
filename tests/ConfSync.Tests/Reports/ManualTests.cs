using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>docs/manual.md quotes what the program prints and names what it has. Neither may change without the other.</summary>
public sealed partial class ManualTests
{
    // The program puts a sentence together from pieces: a step and "failed", a clause for one node or for several.
    private const int MostPieces = 3;

    private const string Punctuation = " .:;,()\"'*!?";

    // System.CommandLine prints this one.
    private const string OfTheParser = "Unrecognized command or argument";

    private static readonly string Manual = File.ReadAllText(Repository.File("docs/manual.md"));
    private static readonly string Comparing = File.ReadAllText(Repository.File("docs/compare.md"));
    private static readonly string Sources = string.Join('\n', SourcesIn("cs", OfCSharp).Concat(SourcesIn("sh", OfShell)));

    private static IEnumerable<string> Quotes =>
        from span in CodeSpan().Matches(Section("Messages")).Select(match => match.Groups["text"].Value.Trim('`').Replace(@"\|", "|", StringComparison.Ordinal))
        where span.Contains(' ', StringComparison.Ordinal) && !Call().IsMatch(span) && !span.StartsWith(OfTheParser, StringComparison.Ordinal)
        select span;

    [Test]
    public void Every_message_that_the_manual_quotes_is_one_of_the_program() =>
        Assert.That(Quotes.Distinct().Where(quote => !IsSaid(quote)), Is.Empty);

    [Test]
    public void A_message_that_the_program_does_not_have_is_seen()
    {
        Assert.That(IsSaid("nginx on NODE was reloaded and serves it"), Is.True);
        Assert.That(IsSaid("nginx on NODE was repainted and serves it"), Is.False);
        Assert.That(Quotes.Count(), Is.GreaterThan(150), "quotes are found");
    }

    [Test]
    public void Every_step_and_state_of_a_failure_is_in_the_manual()
    {
        var summaries =
            from kind in Enum.GetValues<PeerFailure>()
            from step in Enum.GetValues<PushStep>()
            from state in Enum.GetValues<PeerState>()
            from isRollback in (bool[])[false, true]
            select FailureText.Summary(NodeReport.Failed.Of(EveryRecord.Node, new NodeFailure(step, kind, "", state, "")), isRollback);

        Assert.That(summaries.SelectMany(summary => summary.Split(" failed; ")).Distinct().Where(part => !Says($"`{part}`")), Is.Empty);
    }

    [Test]
    public void Every_step_on_the_primary_is_in_the_manual() =>
        Assert.That(Enum.GetValues<PrimaryStep>().Select(step => PrimaryText.Of(step)).Where(step => !Says($"`{step} ")), Is.Empty);

    [Test]
    public void Every_word_of_documents_and_events_is_in_the_manual()
    {
        string[] words =
        [
            .. Enum.GetValues<DocumentKind>().Select(kind => $"\"nginx-sync {RunNames.Of(kind)}\""), .. Enum.GetValues<RunResult>().Select(result => RunNames.Of(result)),
            .. Enum.GetValues<Holding>().Select(holding => RunNames.Of(holding)), .. EveryRecord.Of<NodeReport>().Select(RunNames.Of), "not-reached", "failed",
            .. EveryRecord.Of<RunEvent>().Select(RunNames.OfRecord), "warning", "finished",
        ];

        Assert.That(words.Where(word => !Says($"`{word}`")), Is.Empty);
    }

    [Test]
    public void Every_metric_is_in_the_documents()
    {
        var text = RunPrometheus.Write(Documents.Head(), Documents.Body) + ClusterStatusPrometheus.Write(new Comparison(DateTimeOffset.UnixEpoch, TimeSpan.Zero, 0, []));
        var names = MetricType().Matches(text).Select(match => match.Groups["name"].Value).ToList();

        Assert.That(names, Has.Count.GreaterThan(12));
        Assert.That(names.Where(name => !Regex.IsMatch(Manual + Comparing, $"`{name}[`{{]")), Is.Empty);
    }

    [Test]
    public void The_tables_of_variables_are_complete()
    {
        var (has, hasNot) = Section("Variables").Split("\nVariables of `nginx-sync.sh`") is [var first, var second] ? (first, second) : throw new AssertionException("one of the tables");

        Assert.That(NamesIn(has), Is.EquivalentTo(KnownVariables.Names));
        Assert.That(NamesIn(hasNot), Is.EquivalentTo(KnownVariables.Superseded.Select(variable => variable.Name)));
        Assert.That(
            KnownVariables.Superseded.Where(variable => !Regex.IsMatch(hasNot, $@"^\|.*\b{variable.Name}\b.*\| {Regex.Escape(variable.Reason)} \|$", RegexOptions.Multiline)),
            Is.Empty);
        Assert.That(NamesIn(Comparing), Is.SupersetOf((string[])["DIFF_LIMIT", "REDACT", "SHOW"]));

        static IEnumerable<string> NamesIn(string text) =>
            from row in FirstCell().Matches(text)
            from name in Variable().Matches(row.Value)
            select name.Groups["name"].Value;
    }

    [Test]
    public void The_table_of_contents_names_every_section()
    {
        var contents = Manual[..Manual.IndexOf("\n## ", StringComparison.Ordinal)];

        Assert.That(HeadingsIn(Manual, "##").Where(anchor => !contents.Contains($"(#{anchor})", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Every_link_between_the_documents_leads_somewhere()
    {
        var documents = Directory.EnumerateFiles(Repository.File("docs"), "*.md").Append(Repository.File("README.md")).ToList();
        var broken =
            from document in documents
            from link in Link().Matches(File.ReadAllText(document))
            let file = link.Groups["file"].Value is { Length: > 0 } other ? Path.Combine(Path.GetDirectoryName(document)!, other) : document
            where !File.Exists(file) || (link.Groups["anchor"].Success && !HeadingsIn(File.ReadAllText(file), "#+").Contains(link.Groups["anchor"].Value))
            select $"{Path.GetFileName(document)}: {link.Value}";

        Assert.That(broken, Is.Empty);
    }

    private static bool Says(string words) => Manual.Contains(words, StringComparison.Ordinal);

    private static string Section(string heading)
    {
        var start = Manual.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        var end = Manual.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Manual[start..(end < 0 ? Manual.Length : end)];
    }

    /// <summary>Whether each part of the quote between its placeholders stands in the sources, whole or in a few pieces.</summary>
    private static bool IsSaid(string quote) => Placeholder().Split(quote).Select(part => part.Trim(Punctuation.ToCharArray()))
        .Where(part => part.Length > 0).All(part => IsMadeOf(part.Split(' '), MostPieces));

    private static bool IsMadeOf(string[] words, int pieces) => words.Length == 0 || (pieces > 0 && Enumerable.Range(1, words.Length).Reverse().Any(length =>
        Sources.Contains(string.Join(' ', words[..length]).Trim(Punctuation.ToCharArray()), StringComparison.Ordinal) && IsMadeOf(words[length..], pieces - 1)));

    private static IEnumerable<string> SourcesIn(string ending, Func<string, string> read) =>
        from file in Directory.EnumerateFiles(Repository.File("src"), $"*.{ending}", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select Blanks().Replace(read(Comment().Replace(File.ReadAllText(file), "")), " ");

    // A text that goes on in the next line is one text.
    private static string OfCSharp(string text) => Concatenation().Replace(text, "")
        .Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    private static string OfShell(string text) => text.Replace("\\\n", "", StringComparison.Ordinal).Replace(@"'\''", "'", StringComparison.Ordinal);

    // As GitHub makes anchors of headings.
    private static List<string> HeadingsIn(string text, string level) =>
        [.. Regex.Matches(text, $"^{level} (?<text>.*)$", RegexOptions.Multiline).Select(match =>
            NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex("(?<text>`` .+? ``|`[^`\n]+`)")]
    private static partial Regex CodeSpan();

    // Another test parses the calls, and options and paths are no messages.
    [GeneratedRegex("^(nginx-sync |-|/|sh /)")]
    private static partial Regex Call();

    [GeneratedRegex(@"…|\b[A-Z][A-Z_]*\b|`")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[ \t]*(//|#).*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""
        "\s*\+\s*\$?@?"
        """)]
    private static partial Regex Concatenation();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^# TYPE (?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex MetricType();

    [GeneratedRegex(@"^\| `[^|]*\|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`(?<name>[A-Z_]+)`")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\]\((?<file>[\w./-]*\.md)?(#(?<anchor>[\w-]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
