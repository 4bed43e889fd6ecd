using ConfSync.Configuration;
using ConfSync.Services;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

public sealed class SyncConfigTests
{
    [Test]
    public void The_files_of_the_original_are_read()
    {
        var config = Config("""
            NODES="192.168.200.161 192.168.200.163"
            CONFPATHS="/etc/nginx/nginx.conf /etc/nginx/conf.d"
            EXCLUDE="default.conf"
            """);

        Assert.That(config.Path, Is.EqualTo("/etc/nginx-sync.conf"));
        Assert.That(config.Nodes.Select(node => node.Name), Is.EqualTo(["192.168.200.161", "192.168.200.163"]));
        Assert.That(config.ConfPaths, Is.EqualTo(["/etc/nginx/nginx.conf", "/etc/nginx/conf.d"]));
        Assert.That(config.Exclude, Is.EqualTo(["default.conf"]));
    }

    [Test]
    public void What_is_not_set_has_its_default()
    {
        var config = Config(Minimum);

        Assert.That(config.Nodes, Is.Empty);
        Assert.That(config.Exclude, Is.Empty);
        Assert.That(config.PostSync, Is.Empty);
        Assert.That(WithoutLists(config), Is.EqualTo(new SyncConfig(FileName)
        {
            BackupDir = "/var/lib/nginx-sync",
            LockFile = null,
            Ssh = "/usr/bin/ssh",
            Sed = "/bin/sed",
            SshKey = null,
            SshPersist = TimeSpan.Zero,
            Logins = 32,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            ReloadTimeout = TimeSpan.FromSeconds(60),
            ConfirmTimeout = TimeSpan.FromSeconds(30),
            RequireStagedTest = false,
            Keep = 10,
            MaxDelete = null,
            DiffLimit = 1048576,
            HealthCheck = null,
            HealthCheckTimeout = TimeSpan.FromSeconds(10),
            AllOrNone = false,
        }));
    }

    [TestCase("", LoginMaker.Auto)]
    [TestCase("SSH=/usr/bin/ssh", LoginMaker.Ssh)]
    [TestCase("TRANSPORT=ssh", LoginMaker.Ssh)]
    [TestCase("TRANSPORT=Auto", LoginMaker.Auto)]
    [TestCase("TRANSPORT=auto SSH=/usr/bin/ssh", LoginMaker.Ssh)]
    public void An_ssh_of_ones_own_makes_all_logins(string text, LoginMaker maker) => Assert.That(Config($"{Minimum}\n{text}\n").Transport, Is.EqualTo(maker));

    [Test]
    public void Every_variable_arrives()
    {
        var config = Config($"""
            {Minimum}
            BACKUPDIR=/srv/backups//nginx/ LOCKFILE=/run/nginx-sync.lock
            NGINX=/opt/nginx PIDFILE=/opt//nginx.pid SSH=/opt/ssh SED=/opt/sed SSHKEY=~/.ssh/key SSH_PERSIST=600 LOGINS=5
            CONNECT_TIMEOUT=1 RELOAD_TIMEOUT=3 CONFIRM_TIMEOUT=5 HEALTHCHECK_TIMEOUT=4 KEEP=7 MAX_DELETE=40
            REQUIRE_STAGED_TEST=yes ALL_OR_NONE=Yes EXPECT_RUNNING=no DIFF_LIMIT=0 REDACT="*.pem private/" SHOW="*.inc"
            HEALTHCHECK="http://127.0.0.1/health?full=1"
            """);

        Assert.That(config.Redact, Is.EqualTo(["*.pem", "private/"]));
        Assert.That(config.Show, Is.EqualTo(["*.inc"]));
        var nginx = config.Services.All.Single();
        Assert.That((nginx.Name, nginx.Program, nginx.PidFile, nginx.IsExpected), Is.EqualTo(("nginx", "/opt/nginx", "/opt/nginx.pid", false)));
        Assert.That(WithoutLists(config), Is.EqualTo(new SyncConfig(FileName)
        {
            BackupDir = "/srv/backups/nginx",
            LockFile = "/run/nginx-sync.lock",
            Ssh = "/opt/ssh",
            Transport = LoginMaker.Ssh,
            Sed = "/opt/sed",
            SshKey = "/home/ada/.ssh/key",
            SshPersist = TimeSpan.FromSeconds(600),
            Logins = 5,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ReloadTimeout = TimeSpan.FromSeconds(3),
            ConfirmTimeout = TimeSpan.FromSeconds(5),
            RequireStagedTest = true,
            Keep = 7,
            MaxDelete = 40,
            DiffLimit = 0,
            HealthCheck = "http://127.0.0.1/health?full=1",
            HealthCheckTimeout = TimeSpan.FromSeconds(4),
            AllOrNone = true,
        }));
    }

    [Test]
    public void An_empty_value_means_the_default()
    {
        var text = Minimum + string.Join("=\n", KnownVariables.Names.Remove("CONFPATHS")) + "=\n";
        Assert.That(WithoutLists(Config(text)), Is.EqualTo(new SyncConfig(FileName)));
    }

    [Test]
    public void Every_variable_of_the_original_is_accepted_without_a_word()
    {
        string[] documented =
            ["NODES", "CONFPATHS", "EXCLUDE", "POSTSYNC", "BACKUPDIR", "DIFF", "LOCKFILE", "NGINX", "RSYNC", "SSH"];
        Assert.That(documented, Has.All.Matches<string>(KnownVariables.Contains));
        Assert.That(ProblemsOf(Minimum + string.Concat(KnownVariables.Superseded.Select(old => $"{old.Name}=/bin/x\n"))), Is.Empty);
    }

    [TestCase("NODE", "NODES")]
    [TestCase("nodes", "NODES")]
    [TestCase("Nodes", "NODES")]
    [TestCase("node", "NODES")]
    [TestCase("NODSE", "NODES")]
    [TestCase("NDOSE", "NODES")]
    [TestCase("EXLCUDE", "EXCLUDE")]
    [TestCase("EXCLUDES", "EXCLUDE")]
    [TestCase("EXCLDUES", "EXCLUDE")]
    [TestCase("exclude", "EXCLUDE")]
    [TestCase("CONFPATH", "CONFPATHS")]
    [TestCase("CONF_PATHS", "CONFPATHS")]
    [TestCase("HEALTHCHEK", "HEALTHCHECK")]
    [TestCase("HEALTH_CHECK", "HEALTHCHECK")]
    [TestCase("HEALTHCHECK_TIMOUT", "HEALTHCHECK_TIMEOUT")]
    [TestCase("BACKUP_DIR", "BACKUPDIR")]
    [TestCase("POSTSINC", "POSTSYNC")]
    [TestCase("ALL_OR_NON", "ALL_OR_NONE")]
    [TestCase("SSH_KEY", "SSHKEY")]
    [TestCase("LOGFILE", "LOCKFILE")]
    [TestCase("KEP", "KEEP")]
    [TestCase("KEPE", "KEEP")]
    [TestCase("SSSH", "SSH")]
    [TestCase("SHS", "SSH")]
    [TestCase("SDE", "SED")]
    [TestCase("SHW", "SHOW")]
    [TestCase("TSET_TIMEOUT", "TEST_TIMEOUT")]
    [TestCase("STEST_TIMEOUT", "TEST_TIMEOUT")]
    [TestCase("TEP_TIMEOUT", "STEP_TIMEOUT")]
    [TestCase("TES_TIMEOUT", "TEST_TIMEOUT")]
    [TestCase("SET_TIMEOUT", "STEP_TIMEOUT or TEST_TIMEOUT")]
    public void A_name_one_or_two_letters_from_a_variable_is_an_error(string name, string meant)
    {
        var message = $"is not a variable of nginx-sync: did you mean {meant}? Correct the name, or remove the line";
        Assert.That(ProblemsOf($"{Minimum}{name}=a"), Is.EqualTo([$"2: {name} {message}"]));
        Assert.That(ProblemsOf($"{Minimum}{name}=a\n{name}=\"${name} b\""), Is.EqualTo([$"2: {name} {message}"]), "what refers to itself");
        Assert.That(ProblemsOf($"{Minimum}{name}=/a\nOF_THESE=${name}"), Has.None.Contains(message), "what another refers to");
        Assert.That(ProblemsOf($"{Minimum}{name}=/a\nSSHKEY=/x${{{name}}}"), Is.Empty, "what another refers to");
    }

    [TestCase("FOO")]
    [TestCase("DOMAIN")]
    [TestCase("HOSTS")]
    [TestCase("PATH")]
    [TestCase("LANG")]
    [TestCase("WEB", Description = "two of the three letters of SED")]
    [TestCase("KEPT", Description = "two of the four letters of KEEP")]
    [TestCase("SSHPORT")]
    [TestCase("HEALTH")]
    [TestCase("TIMEOUT")]
    public void Any_other_unknown_name_is_a_warning(string name) =>
        Assert.That(ProblemsOf($"{Minimum}{name}=a"), Is.EqualTo([$"2: {name} is not a variable of nginx-sync: it has no effect (warning)"]));

    [Test]
    public void A_name_near_one_that_has_no_effect_is_a_warning() =>
        Assert.That(
            ProblemsOf(Minimum + "DIF=/usr/bin/diff"),
            Is.EqualTo(["2: DIF is not a variable of nginx-sync, and neither has DIFF an effect (warning)"]));

    [Test]
    public void No_variable_is_taken_for_another_one()
    {
        var all = KnownVariables.Names.Concat(KnownVariables.Superseded.Select(variable => variable.Name)).ToList();
        Assert.That(all, Is.Unique);
        Assert.That(all.Where(name => !KnownVariables.Nearest(name).SequenceEqual([name])), Is.Empty);
    }

    [Test]
    public void A_variable_that_another_is_made_of_is_no_mistake() =>
        Assert.That(Config(Minimum + "NODE1=a\nNODE=b\nNODES=\"$NODE1 ${NODE}\"").Nodes, Has.Length.EqualTo(2));

    [Test]
    public void A_later_value_replaces_an_earlier_one_and_a_warning_says_so() =>
        Assert.That(
            ProblemsOf(Minimum + "NODES=a\nNODES=b"),
            Is.EqualTo(["3: NODES replaces the value it was given in line 2: remove one of them (warning)"]));

    [Test]
    public void A_value_may_grow_from_line_to_line() =>
        Assert.That(
            Config(Minimum + "NODES=a\nNODES=\"$NODES b\"").Nodes.Select(node => node.Address.Host), Is.EqualTo(["a", "b"]));

    [Test]
    public void Without_nodes_there_is_a_configuration_and_a_word_for_who_needs_them()
    {
        Assert.That(
            Config(Minimum).MissingNodes?.ToString(),
            Is.EqualTo("/etc/nginx-sync.conf: NODES is not set: name the peers, such as NODES=\"192.0.2.11 192.0.2.12\""));
        Assert.That(Config(Minimum + "NODES=a").MissingNodes, Is.Null);
    }

    [Test]
    public void A_node_is_named_once_and_is_one() =>
        Assert.That(
            ProblemsOf(Minimum + "NODES=\"a root@a\n A\n-oProxyCommand=x\" NGINX=x"),
            Is.EqualTo([
                "3: NODES: \"A\" stands there twice: remove one of them",
                "4: NODES: \"-oProxyCommand=x\": a host cannot begin with -: ssh would take it for an option",
                "4: NGINX: \"x\" is not an absolute path: begin it with /"]));

    [TestCase("KEEP=0", "2: KEEP: \"0\" is not a number from 1 to 1000")]
    [TestCase("KEEP=ten", "2: KEEP: \"ten\" is not a number from 1 to 1000")]
    [TestCase("CONNECT_TIMEOUT=0", "2: CONNECT_TIMEOUT: \"0\" is not a number of seconds from 1 to 86400")]
    [TestCase("TRANSPORT=telnet", "2: TRANSPORT: \"telnet\" is none of auto, ssh")]
    [TestCase("LOGINS=0", "2: LOGINS: \"0\" is not a number from 1 to 1000")]
    [TestCase("SSH_PERSIST=yes", "2: SSH_PERSIST: \"yes\" is not a number of seconds from 0 to 86400")]
    [TestCase("CONNECT_TIMEOUT=99999999999", "2: CONNECT_TIMEOUT: \"99999999999\" is not a number of seconds from 1 to 86400")]
    [TestCase("RELOAD_TIMEOUT=2", "2: RELOAD_TIMEOUT: \"2\" is not a number of seconds from 3 to 86400")]
    [TestCase("CONFIRM_TIMEOUT=4", "2: CONFIRM_TIMEOUT: \"4\" is not a number of seconds from 5 to 86400")]
    [TestCase("ALL_OR_NONE=maybe", "2: ALL_OR_NONE: \"maybe\" is neither yes nor no")]
    [TestCase("EXPECT_RUNNING=never", "2: EXPECT_RUNNING: \"never\" is neither yes nor no")]
    [TestCase("REQUIRE_STAGED_TEST=1", "2: REQUIRE_STAGED_TEST: \"1\" is neither yes nor no")]
    [TestCase("NGINX=nginx", "2: NGINX: \"nginx\" is not an absolute path: begin it with /")]
    [TestCase("SSH='/usr/bin/ssh -p 2222'", "2: SSH: \"/usr/bin/ssh -p 2222\" holds options: name the program alone, and write the options into ~/.ssh/config")]
    [TestCase("SSHKEY='~/.ssh/key'", "2: SSHKEY: \"~/.ssh/key\": a quoted ~ means nothing: write $HOME instead")]
    [TestCase("PIDFILE=nginx.pid", "2: PIDFILE: \"nginx.pid\" is not an absolute path: begin it with /")]
    [TestCase("LOCKFILE=/", "2: LOCKFILE: \"/\" names no file")]
    [TestCase("BACKUPDIR=/var", "2: BACKUPDIR: \"/var\" is too high up: at least two levels are needed, such as /etc/nginx")]
    [TestCase("BACKUPDIR=backups/nginx", "2: BACKUPDIR: \"backups/nginx\" is not an absolute path: begin it with /")]
    [TestCase("BACKUPDIR=/etc/nginx/old", "2: BACKUPDIR: \"/etc/nginx/old\" is in \"/etc/nginx\" of CONFPATHS, which is pushed: keep the backups elsewhere")]
    [TestCase("BACKUPDIR=/var/lib/nginx-sync/transaction", "2: BACKUPDIR: \"/var/lib/nginx-sync/transaction\" is in /var/lib/nginx-sync/transaction, whose content nginx-sync removes by itself: keep the backups elsewhere")]
    [TestCase("BACKUPDIR=/run/nginx-sync/b", "2: BACKUPDIR: \"/run/nginx-sync/b\" is in /run/nginx-sync, whose content nginx-sync removes by itself: keep the backups elsewhere")]
    [TestCase("BACKUPDIR=/etc/nginx", "2: BACKUPDIR: \"/etc/nginx\" is in \"/etc/nginx\" of CONFPATHS, which is pushed: keep the backups elsewhere")]
    [TestCase("EXCLUDE=\"a\n'b c\"", "3: EXCLUDE: \"b c\" has a ' inside the value that is never closed")]
    public void A_wrong_value_is_named_with_what_is_right(string text, string problem) =>
        Assert.That(ProblemsOf(Minimum + text), Is.EqualTo([problem]));

    [TestCase("EXCLUDE=\"a\n[b\"", @"3: EXCLUDE: pattern '[b': its [ has no closing ]: for the character itself write \[")]
    [TestCase("REDACT=a//b", "2: REDACT: pattern 'a//b': no path has the part ''")]
    [TestCase("EXCLUDE=a,b", "2: EXCLUDE: pattern 'a,b' has a comma, and patterns are separated by blanks: write a b; a comma that belongs to a name is written [,]")]
    [TestCase("SHOW='*.a, *.b'", "2: SHOW: pattern '*.a,' has a comma, and patterns are separated by blanks: write *.a; a comma that belongs to a name is written [,]")]
    [TestCase("EXCLUDE='*.{bak,old}~'", "2: EXCLUDE: pattern '*.{bak,old}~' has alternatives in braces, which rsync does not know: write each as a pattern of its own: *.bak~ *.old~")]
    [TestCase("REDACT='{a,b}'", "2: REDACT: pattern '{a,b}' has alternatives in braces, which rsync does not know: write each as a pattern of its own: a b")]
    [TestCase("EXCLUDE='+ default.conf'", "2: EXCLUDE: '+' alone is the beginning of a rule of rsync's, and here are patterns only: remove it; what is named is left alone, and nothing can be taken back in. A file of that name is written [+]")]
    [TestCase("EXCLUDE=/etc/ssl/x.pem", "2: EXCLUDE: pattern '/etc/ssl/x.pem' is a path outside CONFPATHS, where nothing is pushed or compared: remove it. If it is meant from the top of a directory of CONFPATHS, write that before it: /etc/nginx/etc/ssl/x.pem")]
    public void A_pattern_that_protects_nothing_is_named_with_its_line_and_the_cure(string text, string problem) =>
        Assert.That(ProblemsOf(Minimum + text), Is.EqualTo([problem]));

    [TestCase("a[,]b x[a,b]")]
    [TestCase("{a}", Description = "no alternatives")]
    [TestCase("*\\,")]
    [TestCase("/etc/nginx /etc/nginx/x /etc/nginx/x/ /etc/nginx/*/y")]
    [TestCase("/etc", Description = "a name at the top")]
    [TestCase("/lib/local.lua /conf.d/x", Description = "from the top of a directory")]
    [TestCase("/srv/sites/*.conf /srv/sites/a.conf /srv/sites/**", Description = "a file of CONFPATHS")]
    public void A_pattern_may_be(string patterns) =>
        Assert.That(ProblemsOf($"CONFPATHS='/etc/nginx /srv/sites/a.conf'\nEXCLUDE='{patterns}' REDACT='{patterns}' SHOW='{patterns}'"), Is.Empty);

    [TestCase("/etc/nginx2/x")]
    [TestCase("/etc/*/x")]
    [TestCase("/home/x")]
    [TestCase("/root/.ssh")]
    [TestCase("/tmp/*.sock")]
    [TestCase("/var/www/")]
    [TestCase("/usr/share/nginx/x")]
    [TestCase("/srv/sites")]
    [TestCase("/srv/sites/b.conf")]
    [TestCase("/srv/sites/b*")]
    public void A_pattern_may_not_be_a_path_outside(string pattern)
    {
        const string Paths = "CONFPATHS='/etc/nginx /srv/sites/a.conf'\n";
        Assert.That(ProblemsOf($"{Paths}EXCLUDE='{pattern}'").Single(), Does.Contain($"EXCLUDE: pattern '{pattern}' is a path outside CONFPATHS"));
        Assert.That(ProblemsOf($"{Paths}EXCLUDE='/etc/nginx{pattern}'"), Is.Empty, "the cure");
        Assert.That(ProblemsOf($"CONFPATHS='/etc/nginx relative'\nEXCLUDE='{pattern}'"), Has.Length.EqualTo(1), "CONFPATHS are what is wrong");
    }

    [TestCase("CONFPATHS=/var/lib/nginx-sync/mine")]
    [TestCase("BACKUPDIR=/etc/ CONFPATHS=/etc/nginx", "1: BACKUPDIR: \"/etc/\" is too high up: at least two levels are needed, such as /etc/nginx")]
    public void The_backups_are_not_around_what_is_pushed(
        string text,
        string problem = "1: CONFPATHS: \"/var/lib/nginx-sync/mine\" is in \"/var/lib/nginx-sync\", where the backups are kept: set BACKUPDIR to another directory") =>
        Assert.That(ProblemsOf(text), Is.EqualTo([problem]));

    [Test]
    public void Whatever_a_problem_quotes_is_safe_to_show() =>
        Assert.That(
            ProblemsOf(Minimum + "KEEP='\u2028\uDCFF\\'"),
            Is.EqualTo(["2: KEEP: \"\\xe2\\x80\\xa8\\xff\\\\\" is not a number from 1 to 1000"]));

    // Immutable arrays are equal only to themselves.
    private static SyncConfig WithoutLists(SyncConfig config) =>
        config with { Nodes = [], ConfPaths = [], Exclude = [], PostSync = [], Templates = [], Redact = [], Show = [], Services = ServiceSet.Default };
}
