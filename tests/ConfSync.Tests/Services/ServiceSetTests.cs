using ConfSync.Services;
using ConfSync.Tests.Configuration;

namespace ConfSync.Tests.Services;

public sealed class ServiceSetTests
{
    private static ServiceSet Read(params string[] lines) => Reading.Config(string.Join('\n', lines)).Services;

    private static string Names(ServiceSet services) => string.Join(' ', services.All.Select(service => service.Name));

    [TestCase("/etc/nginx", "nginx")]
    [TestCase("/etc/nginx/conf.d", "nginx")]
    [TestCase("/etc/ssl/site", "nginx")]
    [TestCase("/etc/haproxy", "haproxy")]
    [TestCase("/etc/haproxy/haproxy.cfg", "haproxy")]
    [TestCase("/etc/nginx /etc/haproxy", "haproxy nginx")]
    [TestCase("/etc/ssl/site /etc/haproxy", "haproxy nginx")]
    [TestCase("/etc/keepalived", "keepalived")]
    [TestCase("/etc/keepalived/keepalived.conf /etc/nginx", "nginx keepalived")]
    public void Which_services_take_part_follows_from_the_paths(string paths, string services) =>
        Assert.That(Names(Read($"CONFPATHS=\"{paths}\"")), Is.EqualTo(services));

    [TestCase("nginx", "nginx")]
    [TestCase("haproxy", "haproxy")]
    [TestCase("nginx haproxy", "haproxy nginx")]
    [TestCase("keepalived haproxy nginx", "haproxy nginx keepalived")]
    public void Or_the_configuration_names_them(string named, string services) =>
        Assert.That(Names(Read("CONFPATHS='/etc/nginx /etc/haproxy'", $"SERVICES='{named}'")), Is.EqualTo(services));

    [TestCase("/etc/nginx/nginx.conf", "nginx")]
    [TestCase("/etc/haproxy/haproxy.cfg", "haproxy")]
    [TestCase("/etc/haproxy-extra", "nginx")]
    [TestCase("/etc/ssl/site/key.pem", "haproxy nginx")]
    [TestCase("/etc/ssl/other.pem", "haproxy")]
    [TestCase("/etc/ssl", "haproxy nginx")]
    public void A_path_concerns_those_that_own_it_or_something_beneath_it(string path, string services)
    {
        var set = Read(
            "CONFPATHS='/etc/nginx /etc/haproxy /etc/haproxy-extra /etc/ssl'", "HAPROXY_PATHS='/etc/ssl'", "NGINX_PATHS='/etc/ssl/site'");
        Assert.That(string.Join(' ', set.ConcernedBy(path).Select(service => service.Name)), Is.EqualTo(services));
    }

    [Test]
    public void A_path_that_no_service_owns_concerns_all_where_nginx_takes_no_part()
    {
        var set = Read("CONFPATHS='/etc/haproxy /etc/ssl/site'", "SERVICES=haproxy");
        Assert.That(set.ConcernedBy("/etc/ssl/site/key.pem").Select(service => service.Name), Is.EqualTo(["haproxy"]));
    }

    [Test]
    public void The_digest_of_a_service_changes_with_its_own_files_only()
    {
        var set = Read("CONFPATHS='/etc/nginx /etc/haproxy'");
        var before = SampleTrees.Of(SampleTrees.File("/etc/nginx/nginx.conf", "one"), SampleTrees.File("/etc/haproxy/haproxy.cfg", "one"));
        var after = SampleTrees.Of(SampleTrees.File("/etc/nginx/nginx.conf", "one"), SampleTrees.File("/etc/haproxy/haproxy.cfg", "two"));
        var (haproxy, nginx) = (set.All[0], set.All[1]);
        Assert.That(set.DigestOf(after, nginx, "scope"), Is.EqualTo(set.DigestOf(before, nginx, "scope")));
        Assert.That(set.DigestOf(after, haproxy, "scope"), Is.Not.EqualTo(set.DigestOf(before, haproxy, "scope")));
    }

    [TestCase("yes", "haproxy nginx")]
    [TestCase("no", "")]
    [TestCase("nginx", "nginx")]
    [TestCase("nginx haproxy", "haproxy nginx")]
    public void Which_of_them_are_to_run_is_said_of_all_or_by_name(string value, string expected)
    {
        var set = Read("CONFPATHS='/etc/nginx /etc/haproxy'", $"EXPECT_RUNNING='{value}'");
        Assert.That(string.Join(' ', set.All.Where(service => service.IsExpected).Select(service => service.Name)), Is.EqualTo(expected));
    }

    [TestCase("/etc/nginx", "nginx", null)]
    [TestCase("/etc/ssl/site", "nginx", null)]
    [TestCase("/etc/angie", "angie", "/usr/sbin/angie")]
    [TestCase("/etc/angie/http.d /etc/ssl/site", "angie", "/usr/sbin/angie")]
    [TestCase("/usr/local/openresty/nginx/conf", "openresty", "/usr/local/openresty/nginx/sbin/nginx")]
    [TestCase("/etc/openresty/nginx.conf", "openresty", "/usr/local/openresty/nginx/sbin/nginx")]
    [TestCase("/etc/freenginx", "freenginx", "/usr/sbin/freenginx")]
    [TestCase("/etc/tengine", "tengine", "/usr/sbin/tengine")]
    public void Which_relative_nginx_is_follows_from_the_paths(string paths, string name, string? program)
    {
        var set = Read($"CONFPATHS=\"{paths}\"");
        Assert.That((Names(set), set.NginxName, set.Nginx!.Program), Is.EqualTo(("nginx", name, program)));
    }

    [TestCase("NGINX=/usr/sbin/angie", "angie", "/usr/sbin/angie")]
    [TestCase("NGINX=/opt/resty/openresty", "openresty", "/opt/resty/openresty")]
    [TestCase("NGINX=/usr/sbin/nginx", "nginx", "/usr/sbin/nginx")]
    [TestCase("SERVICES=angie", "angie", "/usr/sbin/angie")]
    [TestCase("SERVICES='angie haproxy' NGINX=/opt/angie", "angie", "/opt/angie")]
    public void Or_from_what_the_configuration_names(string line, string name, string program)
    {
        var set = Read("CONFPATHS='/etc/openresty /etc/haproxy'", line);
        Assert.That((set.NginxName, set.Nginx!.Program), Is.EqualTo((name, program)));
    }

    [Test]
    public void Files_of_two_of_them_make_a_warning_and_EXPECT_RUNNING_takes_their_names()
    {
        Assert.That(Reading.ProblemsOf("CONFPATHS='/etc/angie /etc/nginx'\n"), Is.EqualTo(
            ["1: CONFPATHS: it names files of nginx and of angie: nginx is tested and reloaded; set NGINX to the program of another one (warning)"]));
        Assert.That(Reading.ProblemsOf("CONFPATHS='/etc/angie /etc/nginx'\nNGINX=/usr/sbin/angie\n"), Is.Empty);
        Assert.That(Read("CONFPATHS='/etc/angie /etc/haproxy'", "EXPECT_RUNNING='angie'").Nginx!.IsExpected, Is.True);
    }

    [TestCase("SERVICES='angie nginx'", "2: SERVICES: nginx is not the program that NGINX or another word names: on a node one nginx, or one relative of it, is tested and reloaded")]
    [TestCase("SERVICES=apache", "2: SERVICES: \"apache\" is none of haproxy, nginx, keepalived, openresty, angie, freenginx, tengine")]
    [TestCase("EXPECT_RUNNING=maybe", "2: EXPECT_RUNNING: \"maybe\" is neither yes nor no")]
    [TestCase("EXPECT_RUNNING='nginx apache'", "2: EXPECT_RUNNING: \"apache\" is no service that takes part: name those that are to run (haproxy, nginx), or write yes or no")]
    [TestCase("HAPROXY_PATHS=certs", "2: HAPROXY_PATHS: \"certs\" is not an absolute path: begin it with /")]
    [TestCase("HAPROXY='/usr/sbin/haproxy -f x'", "2: HAPROXY: \"/usr/sbin/haproxy -f x\" holds options: name the program alone")]
    public void What_is_wrong_is_said_with_its_line(string line, string problem) =>
        Assert.That(Reading.ProblemsOf($"CONFPATHS='/etc/nginx /etc/haproxy'\n{line}\n"), Is.EqualTo([problem]));
}
