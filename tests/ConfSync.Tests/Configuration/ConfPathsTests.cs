using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>CONFPATHS, and with it how a list is taken apart.</summary>
public sealed class ConfPathsTests
{
    [TestCase("/etc/nginx", "/etc/nginx")]
    [TestCase("/etc/nginx/", "/etc/nginx")]
    [TestCase("//etc/./nginx//conf.d/.", "/etc/nginx/conf.d")]
    [TestCase("/etc/nginx/a..b", "/etc/nginx/a..b")]
    [TestCase("'/etc/nginx/my file.conf'", "/etc/nginx/my file.conf")]
    [TestCase("\\\"/etc/nginx/my file.conf\\\"", "/etc/nginx/my file.conf")]
    [TestCase("/etc/nginx/my\\ file.conf", "/etc/nginx/my file.conf")]
    [TestCase("/etc/nginx/'my file'.conf", "/etc/nginx/my file.conf")]
    [TestCase("/etc/nginx/a\\\\b", "/etc/nginx/a\\b")]
    [TestCase("/etc/nginx/it\\'s", "/etc/nginx/it's")]
    [TestCase("/etc/nginx-2 /etc/nginx", "/etc/nginx-2", "/etc/nginx")]
    [TestCase("\n  /etc/b/c\n\t/etc/a/b\n", "/etc/b/c", "/etc/a/b")]
    public void A_path_is_normalised(string value, params string[] paths) =>
        Assert.That(Config($"CONFPATHS=\"{value}\"").ConfPaths, Is.EqualTo(paths));

    [TestCase("", "CONFPATHS is not set: name the files and directories to push, such as CONFPATHS=\"/etc/nginx\"")]
    [TestCase("NODES=\"-x\"\nCONFPATHS=' '",
        "1: NODES: \"-x\": a host cannot begin with -: ssh would take it for an option",
        "2: CONFPATHS is empty: name the files and directories to push, such as CONFPATHS=\"/etc/nginx\"")]
    [TestCase("CONFPATHS=$(ls)", "1: CONFPATHS: command substitution $(…) is not supported: write its result instead")]
    [TestCase("CONFPATHS='\n\n/etc'", "3: CONFPATHS: \"/etc\" is too high up: at least two levels are needed, such as /etc/nginx")]
    [TestCase("CONFPATHS=/", "1: CONFPATHS: \"/\" is too high up: at least two levels are needed, such as /etc/nginx")]
    [TestCase("CONFPATHS=/etc/.", "1: CONFPATHS: \"/etc/.\" is too high up: at least two levels are needed, such as /etc/nginx")]
    [TestCase("CONFPATHS=etc/nginx", "1: CONFPATHS: \"etc/nginx\" is not an absolute path: begin it with /")]
    [TestCase("CONFPATHS=\"''\"", "1: CONFPATHS: \"\" is not an absolute path: begin it with /")]
    [TestCase("CONFPATHS='~/x/y'", "1: CONFPATHS: \"~/x/y\": a quoted ~ means nothing: write $HOME instead")]
    [TestCase("CONFPATHS=/etc/nginx/../passwd", "1: CONFPATHS: \"/etc/nginx/../passwd\" holds \"..\": write the path without it")]
    [TestCase("CONFPATHS=\"'/etc/a\n/etc/b'\"", "1: CONFPATHS: \"/etc/a\\x0a/etc/b\" holds a control character: is a quote missing?")]
    [TestCase("CONFPATHS='/etc/a/b /etc' POSTSYNC='/etc/c/d|p'", "1: CONFPATHS: \"/etc\" is too high up: at least two levels are needed, such as /etc/nginx")]
    [TestCase("BACKUPDIR=/srv/b CONFPATHS=/var/lib/nginx-sync/generations",
        "1: CONFPATHS: \"/var/lib/nginx-sync/generations\" is in /var/lib/nginx-sync, where nginx-sync keeps its own files: name what is beside it")]
    [TestCase("BACKUPDIR=/srv/b CONFPATHS='/etc/a/b /var/lib'",
        "1: CONFPATHS: \"/var/lib\" holds /var/lib/nginx-sync, where nginx-sync keeps its own files: name what is beside it")]
    [TestCase("CONFPATHS=/run/nginx-sync",
        "1: CONFPATHS: \"/run/nginx-sync\" is in /run/nginx-sync, where nginx-sync keeps its own files: name what is beside it")]
    [TestCase("CONFPATHS=/var/run/nginx-sync-ssh/x",
        "1: CONFPATHS: \"/var/run/nginx-sync-ssh/x\" is in /var/run/nginx-sync-ssh, where nginx-sync keeps its own files: name what is beside it")]
    [TestCase("CONFPATHS=/var/run",
        "1: CONFPATHS: \"/var/run\" holds /var/run/nginx-sync, where nginx-sync keeps its own files: name what is beside it",
        "1: CONFPATHS: \"/var/run\" holds /var/run/nginx-sync-ssh, where nginx-sync keeps its own files: name what is beside it")]
    public void A_path_that_cannot_be_pushed_is_refused(string text, params string[] problems) =>
        Assert.That(ProblemsOf(text), Is.EqualTo(problems));

    [TestCase("/etc/nginx /etc/nginx/", "\"/etc/nginx\" stands there twice: remove one of them")]
    [TestCase("/etc/nginx /etc/nginx/conf.d", "\"/etc/nginx/conf.d\" is pushed with \"/etc/nginx\" already: remove it")]
    [TestCase("/etc/nginx/conf.d/x.conf /etc/nginx", "\"/etc/nginx/conf.d/x.conf\" is pushed with \"/etc/nginx\" already: remove it")]
    public void What_would_be_pushed_twice_is_pushed_once(string value, string warning)
    {
        var result = Read($"CONFPATHS='{value}'");

        Assert.That(ProblemsOf(result), Is.EqualTo([$"1: CONFPATHS: {warning} (warning)"]));
        Assert.That(result.Config!.ConfPaths, Is.EqualTo(["/etc/nginx"]));
    }

    [Test]
    public void A_pattern_is_a_name_like_any_other_and_a_warning_says_so() =>
        Assert.That(
            ProblemsOf("CONFPATHS='/etc/nginx/*.conf'"),
            Is.EqualTo(["1: CONFPATHS: \"/etc/nginx/*.conf\" is taken as it stands, not as a pattern: " +
                "name the directory, and in EXCLUDE what to leave out of it (warning)"]));

    [TestCase("'*.bak  /conf.d/\n\tssl/**/*.key'", "*.bak", "/conf.d/", "ssl/**/*.key")]
    [TestCase("'a\\*b \\[x c\\\\ d'", "a\\*b", "\\[x", "c\\\\", "d")]
    [TestCase("'\"a\\\nb\" \"\\$\\`\\\\\\.\"'", "ab", "$`\\\\.")]
    [TestCase("\"'my file' it\\\\'s \\\"two words\\\"\"", "my file", "it's", "two words")]
    public void A_pattern_of_EXCLUDE_is_left_as_it_is(string value, params string[] patterns) =>
        Assert.That(WordsOf("EXCLUDE", $"EXCLUDE={value}"), Is.EqualTo(patterns));
}
