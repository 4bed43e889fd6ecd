using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Tests;

namespace ConfSync.SystemTests;

/// <summary>What a terminal shows beside what a pipe gets: what goes on, and colours.</summary>
public sealed partial class TerminalTests
{
    [Test]
    public async Task A_pipe_gets_plain_lines_and_a_terminal_a_status_that_is_gone_at_the_end()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        var piped = await lab.NginxSyncAsync();
        Assert.That((piped.Out + piped.Err).Where(c => char.IsControl(c) && c != '\n'), Is.Empty);

        lab.WriteSite("newer");
        var terminal = await lab.Primary.RunAsync(new Invocation("script", "-qec", "nginx-sync", "/dev/null")
        {
            Environment = new Dictionary<string, string> { ["TERM"] = "xterm" },
        });
        Assert.That(terminal.ExitCode, Is.Zero);
        Assert.That(terminal.Out, Does.Match($@"  {Regex.Escape(lab.Peers[1].Address)}  [a-z ]+  0 s\r\n0/2 nodes, [0-9]+ s"));
        Assert.That(terminal.Out, Does.Contain("\e[1;32mPushed to 2 of 2 nodes: 2 updated; all serve it.\e[m"));
        var shown = Shown(terminal.Out);
        Assert.That(shown, Does.Not.Contain("/2 nodes"));
        Assert.That(
            TranscriptTests.Normalised(lab, shown), Is.EqualTo(TranscriptTests.Normalised(lab, piped.Out).Replace("1 created", "1 changed", StringComparison.Ordinal)));

        foreach (var plain in new[] { "NO_COLOR=1 nginx-sync", "TERM=dumb nginx-sync", "nginx-sync --color never" })
        {
            var without = await lab.Primary.RunAsync(new Invocation("script", "-qec", plain, "/dev/null")
            {
                Environment = new Dictionary<string, string> { ["TERM"] = "xterm" },
            });
            Assert.That(without.Out, Does.Contain("Pushed to 2 of 2 nodes: ").And.Not.Contain("\e[1;"), plain);
        }
    }

    [TestCase("--output json >/tmp/out", "/tmp/out", TestName = "A_document_goes_to_a_file_while_the_terminal_shows_what_goes_on")]
    [TestCase("--output json", null, TestName = "A_document_is_alone_on_a_terminal_in_the_end")]
    public async Task A_document_and_a_terminal(string options, string? file)
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");

        var terminal = await lab.Primary.RunAsync(new Invocation("script", "-qec", $"nginx-sync -l /tmp/log {options}", "/dev/null")
        {
            Environment = new Dictionary<string, string> { ["TERM"] = "xterm" },
        });

        Assert.That(terminal.ExitCode, Is.Zero, terminal.ToString());
        Assert.That(terminal.Out, Does.Match(@"\r\n0/2 nodes, [0-9]+ s"), "what goes on");
        var shown = Shown(terminal.Out);
        if (file is not null) Assert.That(shown.Trim(), Is.Empty);
        var document = file is null ? shown : lab.Primary.ReadText(file);
        Assert.That(DocumentSchema.ProblemsOf(document), Is.Empty, document);
        Assert.That(lab.Primary.ReadText("/tmp/log"), Does.Contain(" * Updating configuration on ").And.Contain("Pushed to 2 of 2 nodes"));
    }

    /// <summary>What is left on a terminal's screen and above it: carriage return, newline, cursor up, and erase to the end of
    /// the screen (ECMA-48) are carried out, colours are left out.</summary>
    private static string Shown(string text)
    {
        var rows = new List<StringBuilder> { new() };
        var (row, column) = (0, 0);
        foreach (Match part in Part().Matches(Colors().Replace(text, "")))
        {
            if (part.Value == "\r") column = 0;
            else if (part.Value == "\n" && ++row == rows.Count) rows.Add(new StringBuilder());
            else if (part.Groups["up"] is { Success: true } up) row -= int.Parse(up.Value, CultureInfo.InvariantCulture);
            else if (part.Value == "\e[J")
            {
                rows[row].Length = Math.Min(rows[row].Length, column);
                rows.RemoveRange(row + 1, rows.Count - row - 1);
            }
            else if (part.Value != "\n")
            {
                rows[row].Length = Math.Max(rows[row].Length, column + 1);
                rows[row][column++] = part.Value[0];
            }
        }
        return string.Join('\n', rows);
    }

    [GeneratedRegex(@"\e\[(?<up>[0-9]+)A|\e\[J|.", RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colors();
}
