using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Tests.Protocol;

/// <summary>What each mode sends to a peer.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class PeerScriptTests
{
    private static readonly ConversationMode[] Modes = Enum.GetValues<ConversationMode>();

    [TestCase(ConversationMode.Compare, 24)]
    [TestCase(ConversationMode.Status, 28)]
    [TestCase(ConversationMode.History, 25)]
    [TestCase(ConversationMode.Doctor, 34)]
    [TestCase(ConversationMode.Roles, 20)]
    [TestCase(ConversationMode.Setup, 25)]
    [TestCase(ConversationMode.Place, 24)]
    [TestCase(ConversationMode.Primary, 35)]
    [TestCase(ConversationMode.DryRun, 79)]
    [TestCase(ConversationMode.Push, 79)]
    public void The_script_of_a_mode_is_no_larger_than_so_many_thousand_bytes(ConversationMode mode, int most) =>
        Assert.That(PeerScript.Of(mode, ServiceSet.Default).Length, Is.LessThanOrEqualTo(most * 1000));

    // Each further service has a limit of its own, so that it costs only those who use it.
    [TestCase("haproxy nginx", ConversationMode.Compare, 31)]
    [TestCase("haproxy nginx", ConversationMode.Status, 35)]
    [TestCase("haproxy nginx", ConversationMode.History, 31)]
    [TestCase("haproxy nginx", ConversationMode.Push, 103)]
    [TestCase("haproxy", ConversationMode.Push, 80)]
    [TestCase("nginx keepalived", ConversationMode.Compare, 31)]
    [TestCase("nginx keepalived", ConversationMode.Push, 117)]
    [TestCase("haproxy nginx keepalived", ConversationMode.Push, 133)]
    [TestCase("proxy nginx", ConversationMode.Compare, 33)]
    [TestCase("proxy nginx", ConversationMode.Push, 92)]
    [TestCase("proxy", ConversationMode.Push, 72)]
    public void The_script_of_further_services_is_no_larger_than_so_many_thousand_bytes(string services, ConversationMode mode, int most) =>
        Assert.That(PeerScript.Of(mode, SampleServices.Named(services)).Length, Is.LessThanOrEqualTo(most * 1000));

    // What asks for roles costs only those whose nodes hold addresses.
    [Test]
    public void What_asks_for_roles_is_sent_only_where_a_push_asks()
    {
        foreach (var mode in (ConversationMode[])[ConversationMode.Push, ConversationMode.DryRun])
        {
            Assert.That(ScriptParts.Of(mode, ServiceSet.Default), Has.None.EqualTo("look/roles"));
            Assert.That(ScriptParts.Of(mode, ServiceSet.Default, roles: true).Except(ScriptParts.Of(mode, ServiceSet.Default)), Is.EqualTo(["look/roles"]));
            Assert.That(PeerScript.Of(mode, ServiceSet.Default, roles: true).Length - PeerScript.Of(mode, ServiceSet.Default).Length, Is.LessThan(2000));
        }
        Assert.That(PeerScript.SourceOf(ConversationMode.Push, ServiceSet.Default, roles: true), Does.Contain("roles_answer()"));
    }

    // Without nginx there is less of the same: what is only for nginx is not used then.
    private static IEnumerable<TestCaseData> Scripts() =>
        from mode in Modes
        from services in SampleServices.Every
        where services.Nginx is not null
        select new TestCaseData(mode, services).SetArgDisplayNames(mode.ToString(), string.Join(' ', services.All.Select(service => service.Name)));

    [Test]
    public void A_script_has_the_parts_of_no_service_that_takes_no_part([ValueSource(nameof(Modes))] ConversationMode mode)
    {
        var wrong =
            from services in SampleServices.Every
            from part in ScriptParts.Of(mode, services)
            let folders = part.Split('/')
            where folders is ["service", not ("alone" or "several" or "absent"), _] && services.All.All(service => (service.Own is null ? service.Name : "own") != folders[1])
            select part;
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_part_belongs_to_a_mode_and_none_is_named_twice()
    {
        var written = typeof(PeerScript).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sh", StringComparison.Ordinal));
        Assert.That(EveryPart().Select(part => $"{part}.sh"), Is.EquivalentTo(written));
        foreach (var mode in Modes)
        {
            foreach (var services in SampleServices.Every) Assert.That(ScriptParts.Of(mode, services), Is.Unique, mode.ToString());
        }
    }

    private static IEnumerable<string> EveryPart() =>
        Modes.SelectMany(mode => SampleServices.Every.SelectMany(services => ScriptParts.Of(mode, services).Concat(ScriptParts.Of(mode, services, indexed: true)))).Distinct();

    [TestCase(ConversationMode.Compare)]
    [TestCase(ConversationMode.Status)]
    [TestCase(ConversationMode.History)]
    [TestCase(ConversationMode.Doctor)]
    [TestCase(ConversationMode.Roles)]
    [TestCase(ConversationMode.Place)]
    public void What_only_looks_has_no_code_that_changes_anything(ConversationMode mode) =>
        Assert.That(ScriptParts.Of(mode, ServiceSet.Default).Where(part => part.StartsWith("push/", StringComparison.Ordinal) || part.StartsWith("primary/", StringComparison.Ordinal)), Is.Empty);

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
        var parts = EveryPart().ToHashSet(StringComparer.Ordinal);
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
        var path = Regex.Match(PeerScript.SourceOf(ConversationMode.Push, ServiceSet.Default), @"^ *PATH=(.*)$", RegexOptions.Multiline).Groups[1].Value.Split(':');
        var named = $"looked for in {string.Join(", ", path[..^1].Select(directory => $"`{directory}`"))} and `{path[^1]}` |";
        Assert.That(File.ReadAllText(Repository.File("docs/manual.md")), Does.Contain(named));
    }

    [TestCaseSource(nameof(Scripts))]
    public void Every_function_of_a_mode_is_used_there(ConversationMode mode, ServiceSet services)
    {
        var script = Encoding.UTF8.GetString(PeerScript.Of(mode, services).Span);
        var functions = Regex.Matches(script, @"^([a-z_]+)\(\)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.That(functions.Where(name => Regex.Count(script, $@"(?<![\w$]){name}(?![\w=])") < 2), Is.Empty);
    }

    [TestCaseSource(nameof(Scripts))]
    public void ShellCheck_finds_nothing_in_the_script_of_a_mode(ConversationMode mode, ServiceSet services)
    {
        if (!File.Exists("/usr/bin/shellcheck")) Assert.Ignore("shellcheck is not installed");
        using var check = Process.Start(new ProcessStartInfo("/usr/bin/shellcheck", ["--shell=sh", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var said = check.StandardOutput.ReadToEndAsync();
        check.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(PeerScript.SourceOf(mode, services, indexed: mode is ConversationMode.Push or ConversationMode.Primary)));
        check.StandardInput.Close();
        check.WaitForExit();
        Assert.That((check.ExitCode, said.Result), Is.EqualTo((0, "")));
    }
}
