using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Platform;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private const uint Root = 0;
    private const uint Someone = 1000;

    private DirectoryInfo directory = null!;

    [SetUp]
    public void CreateDirectory() => directory = Directory.CreateTempSubdirectory("nginx-sync-conf-");

    [TearDown]
    public void DeleteDirectory() => directory.Delete(recursive: true);

    [Test]
    public void A_file_is_read_as_bytes()
    {
        var path = Write(BytesOf(Minimum + "EXCLUDE=\"\uDCFF.conf\"\n"));
        Assert.That(ConfigurationFile.Load(path, Someone, Environment).Config!.Exclude, Is.EqualTo(["\uDCFF.conf"]));
    }

    [Test]
    public void A_file_is_read_in_the_environment_of_the_process()
    {
        var path = Write(BytesOf(Minimum + "SSHKEY=$HOME/key"));
        Assert.That(ConfigurationFile.Load(path).Config?.SshKey, Is.EqualTo($"{System.Environment.GetEnvironmentVariable("HOME")}/key"));
    }

    [Test]
    public void A_key_that_is_not_there_is_warned_of_unless_an_agent_may_have_it()
    {
        var key = Path.Combine(directory.FullName, "key");
        var path = Write(BytesOf($"{Minimum}SSHKEY={key}"));

        var missing = ConfigurationFile.Load(path, Someone, Environment);

        Assert.That(missing.Config, Is.Not.Null);
        Assert.That(
            missing.Problems.Single(),
            Is.EqualTo(new ConfigurationProblem(path, 0, $"SSHKEY: \"{key}\" is not there, or this user may not see it; a login tries other keys", IsWarning: true)));
        foreach (var half in new[] { $"{key}.pub", key })
        {
            File.WriteAllText(half, "");
            Assert.That(ConfigurationFile.Load(path, Someone, Environment).Problems, Is.Empty, half);
            File.Delete(half);
        }
    }

    [Test]
    public void A_missing_file_is_named_with_what_to_do()
    {
        var path = Path.Combine(directory.FullName, "missing", "nginx-sync.conf");
        Assert.That(
            Problem(path, Someone),
            Is.EqualTo($"{path}: there is no such file: nginx-sync init NODE… writes one; or write it after the example nginx-sync.conf.example, or name another with --config"));
    }

    [Test]
    public void A_directory_is_no_configuration_file() =>
        Assert.That(
            Problem(directory.FullName, Someone),
            Is.EqualTo($"{directory.FullName}: is a directory: name a file with --config"));

    [Test]
    public void A_path_in_a_command_is_one_word_of_a_shell()
    {
        var path = Path.Combine(directory.FullName, "my file's.conf");
        File.WriteAllText(path, Minimum);
        Run("chmod", "666", path);
        if (Posix.EffectiveUserId != Root) Run("chmod", "644", path);

        Assert.That(Problem(path, Root), Does.EndWith($" '{directory.FullName}/my file'\\\\''s.conf'"));
    }

    [TestCase(new byte[] { 0xFF, 0xFE, (byte)'A', 0, (byte)'=', 0 })]
    [TestCase(new byte[] { 0xFE, 0xFF, 0, (byte)'A', 0, (byte)'=' })]
    public void A_file_of_UTF_16_is_named_as_one(byte[] content)
    {
        var path = Write(content);
        Assert.That(Problem(path, Someone), Is.EqualTo($"{path}: is written in UTF-16: save it as UTF-8"));
    }

    [Test]
    public void Bytes_that_are_not_UTF_8_are_warned_of_and_taken_as_they_are()
    {
        var result = ConfigurationFile.Load(Write(BytesOf("# caf\uDCE9\n" + Minimum + "EXCLUDE='a caf\uDCE9'")), Someone, Environment);

        Assert.That(result.Config!.Exclude, Is.EqualTo(["a", "caf\uDCE9"]));
        Assert.That(result.Problems.Single(), Is.EqualTo(new ConfigurationProblem(
            result.Config.Path, 3, "EXCLUDE: the value holds bytes that are not UTF-8, and they are taken as they stand: if they are to be letters, save the file as UTF-8",
            IsWarning: true)));
    }

    [Test]
    public void A_file_without_end_is_not_read_to_its_end() =>
        Assert.That(
            Problem("/dev/zero", Someone),
            Is.EqualTo("/dev/zero: is too large for a configuration file: is it the right one?"));

    [TestCase("664")]
    [TestCase("646")]
    public void Root_does_not_read_what_others_may_write(string mode)
    {
        var path = Write(BytesOf(Minimum));
        Run("chmod", mode, path);
        if (Posix.EffectiveUserId != Root) Assert.Ignore("Only root can make files that belong to root.");

        Assert.That(
            Problem(path, Root),
            Is.EqualTo($"{path}: others than root may write it (mode {mode}): chmod go-w {path}"));
        Assert.That(ConfigurationFile.Load(path, Someone, Environment).Config, Is.Not.Null);
    }

    [Test]
    public void Root_does_not_read_what_belongs_to_another()
    {
        var path = Write(BytesOf(Minimum));
        var owner = Posix.EffectiveUserId;
        if (owner == Root) Run("chown", $"{owner = Someone}", path);

        Assert.That(
            Problem(path, Root),
            Does.Match($@"^{path}: belongs to user {owner}( \(\w+\))?, who could change what is pushed: chown root {path}$"));
        Assert.That(ConfigurationFile.Load(path, Someone, Environment).Config, Is.Not.Null);
    }

    [Test]
    public void Root_reads_what_only_root_may_write()
    {
        var path = Write(BytesOf(Minimum));
        Run("chmod", "644", path);
        if (Posix.EffectiveUserId != Root) Assert.Ignore("Only root can make files that belong to root.");

        Assert.That(ConfigurationFile.Load(path, Root, Environment).Problems, Is.Empty);
    }

    [Test]
    public void A_link_is_judged_by_what_it_leads_to()
    {
        var target = Write(BytesOf(Minimum));
        Run("chmod", "666", target);
        var link = Path.Combine(directory.FullName, "link");
        File.CreateSymbolicLink(link, target);

        Assert.That(ConfigurationFile.Load(link, Root, Environment).Config, Is.Null);
    }

    [Test]
    public void The_example_has_nothing_wrong_with_it_as_it_is_and_with_everything_set()
    {
        var example = File.ReadAllText(Example());
        var everything = Regex.Replace(example, "^#(?=[A-Z_]+=)", "", RegexOptions.Multiline);

        Assert.That(ProblemsOf(example), Is.Empty);
        Assert.That(Config(example).MissingNodes, Is.Null);
        Assert.That(ProblemsOf(everything), Is.Empty);
        Assert.That(Config(everything).PostSync, Has.Length.EqualTo(1));
    }

    private static string Example([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../nginx-sync.conf.example");

    private string Write(byte[] content)
    {
        var path = Path.Combine(directory.FullName, "nginx-sync.conf");
        File.WriteAllBytes(path, content);
        return path;
    }

    private static string Problem(string path, uint user)
    {
        var result = ConfigurationFile.Load(path, user, Environment);
        Assert.That(result.Config, Is.Null);
        return result.Problems.Single().ToString();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
    }
}
