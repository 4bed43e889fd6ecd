using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

public sealed class NginxAdviceTests
{
    // As nginx 1.22 printed them.
    [TestCase("bind() to 0.0.0.0:8080 failed (98: Address already in use)", "ss -ltnp")]
    [TestCase("bind() to 0.0.0.0:8080 failed (98: Address in use)", "ss -ltnp", Description = "musl")]
    [TestCase("bind() to 192.0.2.1:80 failed (99: Cannot assign requested address)", "ip_nonlocal_bind")]
    [TestCase("bind() to 0.0.0.0:81 failed (13: Permission denied)", "semanage port")]
    [TestCase("host not found in upstream \"backend:8080\" in /etc/nginx/conf.d/a.conf:3", "/etc/hosts")]
    [TestCase("getpwnam(\"www\") failed in /etc/nginx/nginx.conf:1", "no such user")]
    [TestCase("unknown directive \"brotli\" in /etc/nginx/conf.d/a.conf:3", "same version and modules")]
    [TestCase("open() \"/etc/ssl/dh.pem\" failed (2: No such file or directory) in /etc/nginx/nginx.conf:4", "CONFPATHS")]
    [TestCase("cannot load certificate \"/etc/ssl/a.pem\": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory)", "CONFPATHS")]
    [TestCase("open() \"/var/log/a.log\" failed (13: Permission denied)", "owner and mode")]
    public void What_the_node_lacks_is_mended_on_the_node(string said, string advice) => Assert.That(
        NginxAdvice.Of($"nginx: [warn] other\nnginx: [emerg] {said}\nnginx: configuration file /etc/nginx/nginx.conf test failed"),
        Does.Contain(advice).And.EndWith("; then run nginx-sync again").And.Not.Contain("here and"));

    [TestCase("nginx: [emerg] unexpected end of file, expecting \"}\" in /etc/nginx/conf.d/a.conf:3")]
    [TestCase("nginx: [emerg] invalid number of arguments in \"listen\" directive in /etc/nginx/conf.d/a.conf:3")]
    [TestCase("nginx: [warn] bind() to 0.0.0.0:8080 failed (98: Address already in use)", Description = "no error")]
    [TestCase("")]
    public void What_the_configuration_lacks_is_mended_here(string said) =>
        Assert.That(NginxAdvice.Of(said), Is.EqualTo("correct the configuration here and run nginx-sync again"));
}
