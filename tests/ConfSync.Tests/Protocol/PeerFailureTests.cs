using System.Text.RegularExpressions;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Tests.Protocol;

/// <summary>A refusal is a word on the wire and a value everywhere else.</summary>
public sealed partial class PeerFailureTests
{
    private static readonly string Script = string.Join('\n', Directory
        .EnumerateFiles(Repository.File("src/ConfSync/Protocol/Script"), "*.sh", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .SelectMany(File.ReadLines).Where(line => !line.TrimStart().StartsWith('#')));

    // refuse and activation_failed take the code as their first argument: a word, or the variable …_code; activation_failed
    // hands its own on.
    [Test]
    public void Every_code_that_the_script_sends_has_a_value_and_no_other_has()
    {
        var arguments = Refusal().Matches(Script).Select(match => match.Groups[1].Value).ToHashSet();
        var codes = arguments.Where(argument => !argument.StartsWith('"')).ToHashSet();
        foreach (var variable in arguments.Except(codes).Except(["\"$1\""]))
        {
            Assert.That(variable, Does.Match("^\"\\$[a-z]+_code\"$"), "a refusal whose code cannot be read from the script");
            var values = Regex.Matches(Script, $@"\b{variable.Trim('"', '$')}='?([^\s']+)").Select(match => match.Groups[1].Value).ToList();
            Assert.That(values, Is.Not.Empty.And.All.Match("^[a-z-]+$"));
            codes.UnionWith(values);
        }

        Assert.That(codes, Has.Count.GreaterThan(15));
        Assert.That(PeerFailures.Words.Keys, Is.EquivalentTo(codes));
    }

    [Test]
    public void The_documents_table_has_the_codes_of_the_script()
    {
        var table = File.ReadLines(Repository.File("docs/protocol.md")).SkipWhile(line => !line.StartsWith("| code |", StringComparison.Ordinal))
            .Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1]);

        Assert.That(table.SelectMany(cell => Code().Matches(cell)).Select(match => match.Groups[1].Value), Is.EquivalentTo(PeerFailures.Words.Keys));
    }

    [TestCase("locked", "", PeerFailure.Locked)]
    [TestCase("not-root", "", PeerFailure.NotRoot)]
    [TestCase("write", "mv: cannot move 'a' to 'b': Read-only file system", PeerFailure.Write)]
    [TestCase("write", "mv: cannot stat 'a': No such file or directory", PeerFailure.Gone)]
    [TestCase("stage", "tar: a: No such file or directory", PeerFailure.Stage)]
    [TestCase("died", "", PeerFailure.Died)]
    [TestCase("overdue", "", PeerFailure.Overdue)]
    // What the script does not say: such as what the program alone may say, and the name of a value.
    [TestCase("connect", "", PeerFailure.Protocol)]
    [TestCase("none", "", PeerFailure.Protocol)]
    [TestCase("Locked", "", PeerFailure.Protocol)]
    [TestCase("", "", PeerFailure.Protocol)]
    public void A_code_is_read_once(string word, string text, PeerFailure failure) =>
        Assert.That(PeerFailures.Parse(word, text), Is.EqualTo(failure));

    [TestCase("fail died 3", "fail died 3")]
    [TestCase("@f 644 fail overdue 12", "fail overdue 12")]
    [TestCase("fail test 3", null)]
    public void What_the_parent_says_is_found_behind_half_a_line(string line, string? refusal) =>
        Assert.That(PeerFailures.SaidByParent(line), Is.EqualTo(refusal));

    [Test]
    public void What_may_pass_is_said_of_every_failure()
    {
        PeerFailure[] passing = [PeerFailure.Locked, PeerFailure.Lost, PeerFailure.TimedOut, PeerFailure.Died, PeerFailure.Overdue];

        Assert.That(All().Where(failure => Retry.MayPass(failure, isKnown: false)), Is.EquivalentTo(passing));
        Assert.That(All().Where(failure => Retry.MayPass(failure, isKnown: true)), Is.EquivalentTo([.. passing, PeerFailure.Connect]));

        static PeerFailure[] All() => Enum.GetValues<PeerFailure>();
    }

    [Test]
    public void Only_a_login_that_was_dropped_before_a_word_is_made_again()
    {
        var dropped = Enum.GetValues<TransportFailure>().Where(transport => Retry.IsWorthAnotherLogin(
            new PeerException(PeerFailure.Connect, "", PeerState.Untouched) { Transport = transport }));

        Assert.That(dropped, Is.EqualTo(new[] { TransportFailure.HungUp }));
        Assert.That(Retry.IsWorthAnotherLogin(new PeerException(PeerFailure.Connect, "", PeerState.Untouched)), Is.False);
    }

    [GeneratedRegex("""(?:\brefuse|\bactivation_failed) ("?[^\s;]+)""")]
    private static partial Regex Refusal();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();
}
