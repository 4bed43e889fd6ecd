using ConfSync.Configuration;

namespace ConfSync.Tests.Configuration;

/// <summary>The files <c>services/NAME.conf</c>.</summary>
public sealed class OwnServiceTests
{
    private const string Whole = """
        PATHS="/etc/unbound /etc/ssl/site"
        PROGRAM=/usr/sbin/unbound
        TEST="unbound-checkconf -o $PROGRAM"
        RELOAD='kill -HUP $(cat /run/unbound.pid)'
        SERVES='
          dig @127.0.0.1 example'
        """;

    private string directory = "";

    private string Main => Path.Combine(directory, "nginx-sync.conf");

    [SetUp]
    public void MakeDirectory()
    {
        directory = Directory.CreateTempSubdirectory("own-services").FullName;
        Directory.CreateDirectory(Path.Combine(directory, "nginx-sync.d/services"));
    }

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(directory, recursive: true);

    private string Write(string file, string text)
    {
        var path = Path.Combine(directory, "nginx-sync.d/services", file);
        File.WriteAllText(path, text);
        return path;
    }

    private ConfigurationResult Read(string main = "CONFPATHS='/etc/nginx /etc/unbound'")
    {
        File.WriteAllText(Main, $"NODES=web1\n{main}\n");
        return ConfigurationFile.Load(Main, effectiveUserId: 1000, _ => null);
    }

    private string[] Problems(string main = "CONFPATHS='/etc/nginx /etc/unbound'") =>
        [.. Read(main).Problems.Select(problem => problem.ToString().Replace(Path.Combine(directory, "nginx-sync.d/services"), "", StringComparison.Ordinal))];

    private string Names(string main) => string.Join(' ', Read(main).Config!.Services.All.Select(service => service.Name));

    [Test]
    public void A_file_has_the_paths_and_the_commands_of_a_service()
    {
        Write("unbound.conf", Whole + "\nRUNNING='pidof unbound'\nSERVES_TIMEOUT=3\n");
        var service = Read().Config!.Services.All.Single(one => one.Own is not null);
        Assert.That((service.Name, service.Program, string.Join(' ', service.Paths)), Is.EqualTo(("unbound", "/usr/sbin/unbound", "/etc/unbound /etc/ssl/site")));
        Assert.That(service.Own, Is.EqualTo(new ConfSync.Services.OwnCommands(
            "unbound-checkconf -o /usr/sbin/unbound", "kill -HUP $(cat /run/unbound.pid)", "\n  dig @127.0.0.1 example", "pidof unbound", TimeSpan.FromSeconds(3))));
    }

    [TestCase("CONFPATHS='/etc/nginx /etc/unbound'", "unbound nginx")]
    [TestCase("CONFPATHS='/etc/unbound/conf.d'", "unbound")]
    [TestCase("CONFPATHS='/etc/haproxy /etc/ssl /etc/keepalived /etc/nginx'", "haproxy unbound nginx keepalived")]
    [TestCase("CONFPATHS='/etc/nginx' SERVICES='nginx unbound'", "unbound nginx")]
    [TestCase("CONFPATHS='/etc/nginx /etc/unbound' SERVICES=nginx", "nginx")]
    public void Its_paths_bring_it_in_or_SERVICES_does_and_it_comes_before_nginx(string main, string names)
    {
        Write("unbound.conf", Whole);
        Assert.That(Names(main), Is.EqualTo(names));
        Assert.That(Problems(main), Is.Empty);
    }

    [Test]
    public void EXPECT_RUNNING_takes_its_name()
    {
        Write("unbound.conf", Whole);
        var services = Read("CONFPATHS='/etc/nginx /etc/unbound' EXPECT_RUNNING=nginx").Config!.Services.All;
        Assert.That(services.Select(service => (service.Name, service.IsExpected)), Is.EqualTo([("unbound", false), ("nginx", true)]));
    }

    [Test]
    public void What_is_missing_is_an_error()
    {
        Write("x.conf", "SERVES_TIMEOUT=1\n");
        Assert.That(Problems(), Is.EquivalentTo((string[])
        [
            "/x.conf: PATHS is not set: it is the files and directories that it reads",
            "/x.conf: TEST is not set: it is what tests its configuration",
            "/x.conf: RELOAD is not set: it is what reloads it",
            "/x.conf: SERVES is not set: it is what shows that it serves",
            "/x.conf: set PROGRAM, the program whose process shows that it runs, or RUNNING, a command that succeeds if it runs",
        ]));
        Assert.That(Read().Config, Is.Null);
    }

    [TestCase("SERVE=true", "/x.conf:7: SERVE is no variable of a service: did you mean SERVES?")]
    [TestCase("USER=root", "/x.conf:7: USER is no variable of a service: there are PATHS, PROGRAM, TEST, RELOAD, RUNNING, SERVES, SERVES_TIMEOUT")]
    [TestCase("PATHS=unbound", "/x.conf:7: PATHS: \"unbound\" is not an absolute path: begin it with /")]
    [TestCase("PROGRAM=unbound", "/x.conf:7: PROGRAM: \"unbound\" is not an absolute path: begin it with /")]
    [TestCase("PROGRAM='/usr/sbin/unbound -d'", "/x.conf:7: PROGRAM: \"/usr/sbin/unbound -d\" holds options: name the program alone")]
    [TestCase("TEST=", "/x.conf:7: TEST is not set: it is what tests its configuration")]
    [TestCase("RELOAD=' '", "/x.conf:7: RELOAD: there is no command")]
    [TestCase("RELOAD=\"kill $(cat x)\"", "/x.conf:7: RELOAD: ")]
    [TestCase("SERVES_TIMEOUT=soon", "/x.conf:7: SERVES_TIMEOUT: \"soon\" is not a number of seconds from 1 to 86400")]
    [TestCase("systemctl reload unbound", "/x.conf:7: \"systemctl\" is a command")]
    public void What_is_wrong_is_said_with_its_file_and_line(string line, string problem)
    {
        Write("x.conf", $"{Whole}\n{line}\n");
        Assert.That(Problems(), Has.Length.EqualTo(1).And.Some.StartsWith(problem));
        Assert.That(Read().Config, Is.Null);
    }

    [TestCase("nginx", "/nginx.conf: nginx is no name for a service of your own")]
    [TestCase("angie", "/angie.conf: angie is no name for a service of your own")]
    [TestCase("no", "/no.conf: no is no name for a service of your own")]
    [TestCase("Unbound", "/Unbound.conf: \"Unbound\" is no name of a service")]
    [TestCase("a-timeout", "/a-timeout.conf: \"a-timeout\" is no name of a service")]
    [TestCase("a b", "/a b.conf: \"a b\" is no name of a service")]
    public void A_name_that_means_something_else_is_refused(string name, string problem)
    {
        Write($"{name}.conf", Whole);
        Assert.That(Problems(), Has.Some.StartsWith(problem));
    }

    [Test]
    public void One_without_effect_is_told_of()
    {
        Write("unbound.conf", Whole);
        Write("unbound.cnf", Whole);
        Assert.That(Problems("CONFPATHS='/etc/nginx /etc/unbund'"), Is.EquivalentTo((string[])
        [
            "/unbound.conf: none of its PATHS is in CONFPATHS: it has no effect",
            "/unbound.cnf: a service is a file NAME.conf: this has no effect",
        ]));
        Assert.That(Read("CONFPATHS=/etc/nginx").Config, Is.Not.Null);
    }

    [Test]
    public void Root_trusts_no_file_and_no_directory_that_another_user_may_write_to()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("it takes root to own a file");
        var file = Write("unbound.conf", Whole);
        File.WriteAllText(Main, "NODES=web1\nCONFPATHS=/etc/unbound\n");
        Assert.That(Load(), Is.Empty);
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        Assert.That(Load(), Is.EqualTo([$"{file}: others than root may write it (mode 666): chmod go-w {file}"]));
        File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        var services = Path.GetDirectoryName(file)!;
        File.SetUnixFileMode(services, (UnixFileMode)0b111_111_111);
        Assert.That(Load(), Is.EqualTo([$"{services}: others than root may write it (mode 777): chmod go-w {services}"]));

        string[] Load() => [.. ConfigurationFile.Load(Main, effectiveUserId: 0, _ => null).Problems.Select(problem => problem.ToString())];
    }
}
