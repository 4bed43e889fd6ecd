using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>What each mode sends to a peer.</summary>
internal sealed class PeerScriptTests
{
    private static readonly ConversationMode[] Modes = Enum.GetValues<ConversationMode>();

    [TestCase(ConversationMode.Compare, 24)]
    [TestCase(ConversationMode.Status, 28)]
    [TestCase(ConversationMode.History, 25)]
    [TestCase(ConversationMode.Doctor, 34)]
    [TestCase(ConversationMode.Primary, 33)]
    [TestCase(ConversationMode.DryRun, 78)]
    [TestCase(ConversationMode.Push, 78)]
    public void The_script_of_a_mode_is_no_larger_than_so_many_thousand_bytes(ConversationMode mode, int most) =>
        Assert.That(PeerScript.Of(mode).Length, Is.LessThanOrEqualTo(most * 1000));

    [Test]
    public void Every_part_belongs_to_a_mode_and_none_is_named_twice()
    {
        var written = typeof(PeerScript).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sh", StringComparison.Ordinal));
        Assert.That(Modes.SelectMany(PeerScript.PartsOf).Distinct().Select(part => $"{part}.sh"), Is.EquivalentTo(written));
        foreach (var mode in Modes) Assert.That(PeerScript.PartsOf(mode), Is.Unique, mode.ToString());
    }

    [TestCase(ConversationMode.Compare)]
    [TestCase(ConversationMode.Status)]
    [TestCase(ConversationMode.History)]
    [TestCase(ConversationMode.Doctor)]
    public void What_only_looks_has_no_code_that_changes_anything(ConversationMode mode) =>
        Assert.That(PeerScript.PartsOf(mode).Where(part => part.StartsWith("push/", StringComparison.Ordinal) || part.StartsWith("primary/", StringComparison.Ordinal)), Is.Empty);

    // As where the system is another one: its dd knows no iflag.
    [Test]
    public void Where_dd_cannot_read_the_script_the_system_is_named()
    {
        var programs = Directory.CreateTempSubdirectory("other-system").FullName;
        try
        {
            foreach (var (name, text) in new[] { ("dd", "echo 'dd: unknown operand iflag' >&2; exit 1"), ("uname", "echo OpenBSD") })
            {
                File.WriteAllText(Path.Combine(programs, name), $"#!/bin/sh\n{text}\n");
                File.SetUnixFileMode(Path.Combine(programs, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
            var start = new ProcessStartInfo("/bin/sh", ["-c", PeerScript.Command(ConversationMode.Compare, sudo: true)])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            };
            start.Environment["PATH"] = $"{programs}:/usr/bin:/bin";
            using var shell = Process.Start(start)!;
            shell.StandardInput.Write("9\necho wrong\n");
            shell.StandardInput.Close();
            Assert.That(shell.StandardError.ReadToEnd(), Does.Contain("nodes must run Linux").And.Contain("this is OpenBSD"));
            shell.WaitForExit();
        }
        finally
        {
            Directory.Delete(programs, recursive: true);
        }
    }

    [TestCase("docs/design.md")]
    [TestCase("docs/protocol.md")]
    public void What_a_document_names_in_a_part_of_the_script_is_there(string document)
    {
        var named = Regex.Matches(File.ReadAllText(Repository.File(document)), @"(?:`([a-z_]+)` in )?`([a-z]+/[a-z-]+)\.sh`");
        var parts = Modes.SelectMany(PeerScript.PartsOf).ToHashSet(StringComparer.Ordinal);
        Assert.That(named, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (Match match in named)
            {
                var (function, part) = (match.Groups[1].Value, match.Groups[2].Value);
                Assert.That(parts, Does.Contain(part));
                if (function.Length == 0) continue;
                var text = File.ReadAllText(Repository.File($"src/ConfSync/Protocol/Script/{part}.sh"));
                Assert.That(text, Does.Match($@"(?m)^{function}\(\) "), part);
            }
        });
    }

    [Test]
    public void The_manual_names_the_directories_in_which_a_peers_programs_are_looked_for()
    {
        var path = Regex.Match(PeerScript.SourceOf(ConversationMode.Push), @"^ *PATH=(.*)$", RegexOptions.Multiline).Groups[1].Value.Split(':');
        var named = $"looked for in {string.Join(", ", path[..^1].Select(directory => $"`{directory}`"))} and `{path[^1]}` |";
        Assert.That(File.ReadAllText(Repository.File("docs/manual.md")), Does.Contain(named));
    }

    [TestCaseSource(nameof(Modes))]
    public void Every_function_of_a_mode_is_used_there(ConversationMode mode)
    {
        var script = Encoding.UTF8.GetString(PeerScript.Of(mode).Span);
        var functions = Regex.Matches(script, @"^([a-z_]+)\(\)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.That(functions.Where(name => Regex.Count(script, $@"(?<![\w$]){name}(?![\w=])") < 2), Is.Empty);
    }

    [TestCaseSource(nameof(Modes))]
    public void ShellCheck_finds_nothing_in_the_script_of_a_mode(ConversationMode mode)
    {
        if (!File.Exists("/usr/bin/shellcheck")) Assert.Ignore("shellcheck is not installed");
        using var check = Process.Start(new ProcessStartInfo("/usr/bin/shellcheck", ["--shell=sh", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var said = check.StandardOutput.ReadToEndAsync();
        check.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(PeerScript.SourceOf(mode)));
        check.StandardInput.Close();
        check.WaitForExit();
        Assert.That((check.ExitCode, said.Result), Is.EqualTo((0, "")));
    }
}
