using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs.Setup;

/// <summary>CONFPATHS that cover what nginx loads.</summary>
public sealed class PathProposalTests
{
    private static readonly NginxConfiguration Debian = NginxConfiguration.Unknown with
    {
        Files =
        [
            "/etc/nginx/nginx.conf", "/etc/nginx/modules-enabled/50-mod-stream.conf", "/etc/nginx/mime.types", "/etc/nginx/proxy.conf",
            "/etc/nginx/sites-enabled/shop", "/etc/nginx/snippets/tls/modern.conf", "/etc/letsencrypt/options-ssl-nginx.conf",
        ],
        Includes = ["/etc/nginx/conf.d/*.conf", "/etc/nginx/absent.d/*.conf", "/etc/nginx/sites-enabled/*", "/etc/nginx/mime.types"],
        Certificates = ["/etc/letsencrypt/live/shop/fullchain.pem", "/etc/nginx/ssl/shop.pem"],
    };

    [Test]
    public void What_is_in_the_configuration_directory_is_covered_and_the_rest_is_named_with_its_reason()
    {
        var proposal = Of(Debian);

        Assert.That(proposal.Paths, Is.EqualTo(
            ["/etc/nginx/nginx.conf", "/etc/nginx/conf.d", "/etc/nginx/proxy.conf", "/etc/nginx/sites-available", "/etc/nginx/sites-enabled", "/etc/nginx/snippets", "/etc/nginx/ssl"]));
        Assert.That(proposal.LeftOut, Is.EqualTo(
            [
                new LeftOut("/etc/nginx/modules-enabled", LeftOutReason.Modules),
                new LeftOut("/etc/letsencrypt/options-ssl-nginx.conf", LeftOutReason.Elsewhere), new LeftOut("/etc/letsencrypt/live/shop/fullchain.pem", LeftOutReason.Elsewhere),
            ]));
    }

    [Test]
    public void What_a_push_would_refuse_is_not_proposed()
    {
        var proposal = Of(NginxConfiguration.Unknown with { Files = ["/etc/nginx/nginx.conf", "/etc/nginx/linked/a.conf", "/etc/nginx/it's/a.conf"] });
        Assert.That(proposal.Paths, Is.EqualTo(["/etc/nginx/nginx.conf"]));
        Assert.That(proposal.LeftOut, Is.EqualTo([new LeftOut("/etc/nginx/linked", LeftOutReason.Link), new LeftOut("/etc/nginx/it's", LeftOutReason.Name)]));
        Assert.That(Of(NginxConfiguration.Unknown).Paths, Is.Empty);
    }

    [Test]
    public void The_file_is_one_that_this_program_reads()
    {
        var proposal = Of(NginxConfiguration.Unknown with { Files = ["/etc/nginx/nginx.conf", "/etc/nginx/my sites/a.conf", "/srv/b\n# c.conf"] });
        var text = InitText.File([SampleNodes.Of("deploy@web1:2222"), SampleNodes.Of("2001:db8::1")], proposal, "/root/my key");
        var read = ConfigurationFile.Parse("/etc/nginx-sync.conf", text, _ => null);

        Assert.That(read.Problems, Is.Empty, text);
        Assert.That(read.Config!.Nodes.Select(node => node.Name), Is.EqualTo(["deploy@web1:2222", "2001:db8::1"]));
        Assert.That(read.Config.ConfPaths, Is.EqualTo(["/etc/nginx/nginx.conf", "/etc/nginx/my sites"]));
        Assert.That(read.Config.SshKey, Is.EqualTo("/root/my key"));
    }

    private static PathProposal Of(NginxConfiguration read) => PathProposal.Of(
        read,
        path => path switch
        {
            "/etc/nginx/sites-enabled/shop" => "/etc/nginx/sites-available/shop",
            "/etc/nginx/modules-enabled/50-mod-stream.conf" => "/usr/share/nginx/mod-stream.conf",
            "/etc/nginx/linked" => "/srv/linked",
            _ => null,
        },
        path => path == "/etc/nginx/conf.d");
}
