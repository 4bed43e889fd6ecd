using ConfSync.Bytes;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>What the script takes for a word, whoever sent it. In bash, a number that it calculates with may be an array whose
/// index names a command; for sed, a number of a line may be a command.</summary>
internal sealed class WireWordTests
{
    private static readonly ConversationMode[] Modes = Enum.GetValues<ConversationMode>();

    private static readonly string[] Settings =
    [
        "nginx", "pid-file", "backup", "keep", "test-timeout", "step-timeout", "reload-timeout", "confirm-timeout", "health-timeout",
        "reload", "failpoints", "digest", "known", "rollback", "path",
    ];

    private static readonly string[] WithText = ["set health", "prune", "prune-directory", "ping"];

    private string directory = "";

    private string Trace => Path.Combine(directory, "trace");

    [SetUp]
    public void MakeDirectory() => directory = Directory.CreateTempSubdirectory("words").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(directory, recursive: true);

    [Test]
    public void A_setting_of_another_type_is_refused_and_nothing_of_it_runs(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [ValueSource(nameof(Modes))] ConversationMode mode)
    {
        Assert.Multiple(() =>
        {
            foreach (var setting in Settings)
            {
                foreach (var word in Hostile()) ExpectRefusal(shell, mode, $"set {setting} {word}");
            }
            foreach (var word in Hostile()) ExpectRefusal(shell, mode, $"set {word} 1");
        });
    }

    [Test]
    public void A_request_with_a_word_of_another_type_is_refused_and_nothing_of_it_runs(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [ValueSource(nameof(Modes))] ConversationMode mode)
    {
        string[] requests =
        [
            "path {0}", "above {0}", "scan {0}", "history {0} all", "history {0} 1", "history 1 {0}", "read {0}",
            $"read {new string('a', 32)}\nfile {{0}}", $"read {new string('a', 32)}\nbeside {{0}}", "decide {0} new", "decide 1 {0}",
            "decision {0}", "settled {0}", "{0}", "{0} 1 1",
        ];
        Assert.Multiple(() =>
        {
            foreach (var request in requests)
            {
                foreach (var word in Hostile())
                {
                    ExpectRefusal(shell, mode, string.Format(null, request, word));
                }
            }
        });
    }

    // Where any text may stand, it has to be encoded.
    [Test]
    public void Text_that_is_not_encoded_is_refused(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [ValueSource(nameof(Modes))] ConversationMode mode)
    {
        Assert.Multiple(() =>
        {
            foreach (var word in new[] { $"a[$(touch {Trace})]", $"';touch<{Trace};'", "%", "%4", "*" })
            {
                foreach (var request in WithText)
                {
                    ExpectRefusal(shell, mode, $"{request} {word}");
                }
            }
        });
    }

    [Test]
    public void A_greeting_of_other_words_is_refused(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [ValueSource(nameof(Modes))] ConversationMode mode)
    {
        var name = mode == ConversationMode.DryRun ? "dry-run" : mode.ToString().ToLowerInvariant();
        Assert.Multiple(() =>
        {
            var word = $"a[$(touch<{Trace})]";
            foreach (var words in new[] { $"{word} {name} 0123 root@here", $"aaaa {name} {word} root@here", $"aaaa {name} 0123 {word}", $"aaaa {word} 0123 root@here" })
            {
                Assert.That(RealShell.Greet(shell, mode, $"hello 1 {words}", "ping"), Does.Contain("fail protocol ").And.Not.Contain("ok "), words);
                Assert.That(File.Exists(Trace), Is.False, words);
            }
        });
    }

    [Test]
    public void The_lines_of_a_history_are_no_command_of_sed([ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var generation = Directory.CreateDirectory(Path.Combine(directory, "generations/1")).FullName;
        File.WriteAllText(Path.Combine(generation, "info"), "time 1\n");
        File.WriteAllText(Path.Combine(generation, "changes"), "/etc/a - -\n/etc/b - -\n");

        var kept = RealShell.Ask(shell, ConversationMode.History, $"set backup {directory}", "history 1 1");
        var refused = RealShell.Ask(shell, ConversationMode.History, $"set backup {directory}", $"history 1 1e touch {Trace};");

        Assert.That(kept, Does.Contain("generation 1 2\ninfo time 1\nchange /etc/a - -\nok history"));
        Assert.That(refused, Does.Contain("fail protocol "));
        Assert.That(File.Exists(Trace), Is.False);
    }

    [TestCase("tar {0}"), TestCase("tar 1 {0}"), TestCase("changes {0}"), TestCase("user {0}"), TestCase("group {0}"), TestCase("view {0}")]
    [TestCase("dir {0}"), TestCase("+ {0}"), TestCase("~ {0} -"), TestCase("~ a {0}"), TestCase("! {0}"), TestCase("- {0}"), TestCase("{0} a")]
    [TestCase("@ {0} 755 root root 700 root root"), TestCase("@ /etc {0} root root 700 root root"), TestCase("@ /etc 755 root root {0} root root")]
    [TestCase("= {0} 644 root root"), TestCase("= a {0} root root"), TestCase("= a 644 {0} root"), TestCase("= a 644 root {0}")]
    [TestCase("link {0} root root"), TestCase("from {0} 1 . . a"), TestCase("from 1 {0} . . a"), TestCase("from 1 1 {0} . a")]
    [TestCase("from 1 1 . {0} a"), TestCase("from 1 1 . . {0}"), TestCase("from 1 1 . . a {0}"), TestCase("end {0}")]
    public void A_line_of_a_plan_with_a_word_of_another_type_is_refused(string line)
    {
        string[] hostile = [$"a[$(touch {Trace})]", $"$(touch {Trace})", $"1e touch {Trace};q", "a[$(:)]", "*", "a%", "a:b/../c"];
        var asked = string.Join('\n', hostile.Select(word => CheckOf(string.Format(null, line, word))));
        foreach (var shell in RealShell.All)
        {
            Assert.That(
                RealShell.Evaluate(shell, ConversationMode.Push, asked), Does.Match($"^(.+\\n){{{hostile.Length}}}$").And.Not.Contain("taken"), shell);
            Assert.That(File.Exists(Trace), Is.False, shell);
        }
    }

    private static string CheckOf(string line)
    {
        var words = line.Split(' ', 3);
        return $"check_line '{words[0]}' '{words.ElementAtOrDefault(1)}' '{words.ElementAtOrDefault(2)}' && echo taken || echo \"$words\"";
    }

    [TestCase("tar 1048576"), TestCase("tar 12 gzip"), TestCase("changes 0"), TestCase("user www-data"), TestCase("group DOMAIN%5Cweb"), TestCase("view /etc/nginx")]
    [TestCase("dir /"), TestCase("dir /etc/a%20b"), TestCase("+ .a"), TestCase("~ a -"), TestCase("~ ...a 0f"), TestCase("! %2A"), TestCase("- a..")]
    [TestCase("@ /etc/nginx 2755 root 33 700 root root"), TestCase("= a/b 644 root root"), TestCase("link a/..b root root"), TestCase("end")]
    [TestCase("from 1 12 . a/b a b c d e f g h i j k"), TestCase("from 10 1 sub . a")]
    public void A_line_of_a_plan_is_taken(string line)
    {
        foreach (var shell in RealShell.All) Assert.That(RealShell.Evaluate(shell, ConversationMode.Push, CheckOf(line)), Is.EqualTo("taken\n"), shell);
    }

    [TestCase("number", "0 7 10 123456789012345", "08 -1 +1 1a 0x1 1234567890123456 1,000")]
    [TestCase("octal", "0 755 4755 00644", "8 0000755 -1 u+x")]
    [TestCase("hex", "0 0123456789abcdef", "g A -")]
    [TestCase("digest", "- 0a 0a:ff", "A x.y")]
    [TestCase("path", "/ /etc /etc/..a /a/b..", "etc /etc/ // /a//b /a/./b /a/.. /.. /. ./a")]
    [TestCase("inside", ". a a/b ..a", ".. ../a a/.. a/../b a/ /a a//b ./a a/.")]
    [TestCase("name", "a .a ..a a.. ...", ". .. a/b /a a/")]
    [TestCase("account", "root 0 a.b", "a:b")]
    [TestCase("yes|no", "yes no", "y yesno yes,no YES")]
    public void A_word_is_of_a_type_or_not(string type, string some, string others)
    {
        foreach (var shell in RealShell.All)
        {
            var said = RealShell.Evaluate(
                shell, ConversationMode.Compare, $"for w in {some} {others} ''; do ! check '{type}' \"$w\" || printf '%s ' \"$w\"; done");
            Assert.That(said, Is.EqualTo($"{some} "), shell);
        }
    }

    // As they are, and as the primary would encode them.
    private IEnumerable<string> Hostile()
    {
        var word = $"a[$(touch {Trace})]";
        return [word, Wire.Encode(word)];
    }

    private void ExpectRefusal(string shell, ConversationMode mode, string request)
    {
        Assert.That(RealShell.Ask(shell, mode, request, "ping"), Does.Contain("fail protocol ").And.Not.Contain("ok "), $"{shell} {mode}: {request}");
        Assert.That(File.Exists(Trace), Is.False, $"{shell} {mode}: {request}");
    }
}
