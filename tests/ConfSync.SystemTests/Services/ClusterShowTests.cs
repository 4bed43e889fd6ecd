using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>What <c>nginx-sync cluster show</c> says of the files that members get and have.</summary>
public sealed class ClusterShowTests
{
    private const string Configuration = "/etc/keepalived/keepalived.conf", Check = "/etc/keepalived/nginx-sync-check";

    [Test]
    public async Task It_shows_each_file_and_each_difference_and_no_password()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var (one, two) = (lab.Peers[0], lab.Peers[1]);
        lab.Pushes("/etc/nginx/conf.d /etc/keepalived", "EXPECT_RUNNING=nginx");
        lab.Primary.Write("/etc/keepalived/here", "# keeps the directory\n");
        Define("swordfsh");
        var before = await ShowAsync();
        Assert.That(before.ExitCode, Is.EqualTo(1), before.ToString());
        Assert.That(before.Out, Does.Contain($" * one: it has something else than the definition makes\n").And.Contain($"    create  {Check}\n"));

        await lab.Primary.PushedAsync();
        var same = await ShowAsync();
        Assert.That(same.ExitCode, Is.Zero, same.ToString());
        Assert.That(same.Out, Does.Contain(" * one: it has what the definition makes\n").And.Contain("\n    router_id one\n").And.Contain("\n        auth_pass ********\n"));
        Assert.That((await ShowAsync("-q")).Out, Is.Empty);

        await one.ShAsync($"sed -i 's/advert_int 1/advert_int 2/' {Configuration}; chmod 0700 {Check}");
        var edited = await ShowAsync("-q");
        Assert.That(edited.ExitCode, Is.EqualTo(1), edited.ToString());
        Assert.That(edited.Out, Does.StartWith(" * one: its keepalived.conf was edited there since a push wrote it\n"));
        Assert.That(edited.Out, Does.Contain("\n-    advert_int 2\n+    advert_int 1\n").And.Contain($"    mode    {Check} (700 root:root to 755 root:root)\n").And.Not.Contain(" * two"));

        Define("marlinxx");
        var password = await ShowAsync("-q", two.Address);
        Assert.That(password.ExitCode, Is.EqualTo(1), password.ToString());
        Assert.That(password.Out, Is.EqualTo($"""
             * two: it has something else than the definition makes

                replace {Configuration}
                Only the password differs, which is not shown.


            """));
        foreach (var said in (Outcome[])[before, same, edited, password]) Assert.That(said.Out, Does.Not.Contain("swordfsh").And.Not.Contain("marlinxx").And.Not.Match("sha256 [0-9a-f]"));

        Task<Outcome> ShowAsync(params string[] more) => lab.Primary.RunAsync(["nginx-sync", "cluster", "show", .. more]);

        void Define(string password) => lab.Primary.Write(ClusterNodes.Definition, $"""
            MEMBERS="one={one.Address}/eth0 two={two.Address}/eth0"
            VIRTUAL="VI_1={ClusterNodes.First}:51:one,two"
            AUTH={password}

            """);
    }

    [Test]
    public async Task The_primary_is_a_member_by_its_address_and_one_of_no_node_is_not_looked_at()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Pushes("/etc/nginx/conf.d /etc/keepalived", "EXPECT_RUNNING=nginx");
        lab.Primary.Write("/etc/keepalived/here", "# keeps the directory\n");
        lab.Primary.Write(ClusterNodes.Definition, $"""
            MEMBERS="here={lab.Primary.Address}/eth0 one={peer.Address}/eth0 gone=10.99.250.250/eth0"
            VIRTUAL="VI_1={ClusterNodes.First}:51:here,one,gone"

            """);
        await lab.Primary.PushedAsync();

        var here = await lab.Primary.RunAsync("nginx-sync", "cluster", "show", "here", "one");
        Assert.That(here.ExitCode, Is.EqualTo(1), here.ToString());
        Assert.That(here.Out, Does.Contain(" * here: it has something else than the definition makes\n").And.Contain($"    create  {Configuration}\n").And.Contain(" * one: it has what the definition makes\n"));
        var all = await lab.Primary.RunAsync("nginx-sync", "cluster", "show", "-q");
        Assert.That(all.ExitCode, Is.EqualTo(2), all.ToString());
        Assert.That(all.Out, Does.Contain(" * gone: it is neither in NODES nor this primary, and was not looked at\n"));
        var unknown = await lab.Primary.RunAsync("nginx-sync", "cluster", "show", "nobody");
        Assert.That((unknown.ExitCode, unknown.Err), Is.EqualTo((2, $"nginx-sync: nobody is no member in {ClusterNodes.Definition}, which names: here one gone\n")));

        lab.Primary.Delete(ClusterNodes.Definition);
        var none = await lab.Primary.RunAsync("nginx-sync", "cluster", "show");
        Assert.That((none.ExitCode, none.Err), Is.EqualTo((2, $"nginx-sync: there is no {ClusterNodes.Definition}: docs/clusters.md says what it holds\n")));
    }
}
