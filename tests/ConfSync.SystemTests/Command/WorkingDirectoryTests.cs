namespace ConfSync.SystemTests;

/// <summary>Where the program is started, and with what environment, decides nothing: no program comes from the working
/// directory, from beside the configuration file or from PATH.</summary>
public sealed class WorkingDirectoryTests
{
    private const string Trap = "/srv/trap", Ran = "/srv/ran";

    // What a trap would be run in place of, by either side.
    private const string Names = """
        setsid ssh sh bash dash sudo sed nginx env id find stat tar gzip sha256sum readlink mkdir mv cp ln rm cat chmod chown
        chgrp dd sync grep sort tail head date timeout flock unshare mount umount sleep pgrep ps kill sysctl restorecon wc cut
        """;

    // Hostile, as far as a value does not keep the shell that sets it, or this program itself, from starting.
    private static readonly Dictionary<string, string> Hostile = new()
    {
        ["PATH"] = $"{Trap}:.",
        ["IFS"] = "/",
        ["CDPATH"] = Trap,
        ["LD_LIBRARY_PATH"] = Trap,
        ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Trap,
        ["ENV"] = $"{Trap}/sh",
        ["BASH_ENV"] = $"{Trap}/sh",
        ["SHELL"] = $"{Trap}/sh",
        ["TAR_OPTIONS"] = "--exclude=*",
        ["POSIXLY_CORRECT"] = "1",
        ["GZIP"] = "-t",
        ["NGINX"] = "3;4;",
        ["LC_ALL"] = "xx_XX",
        ["TMPDIR"] = "/no/such",
        ["SSH_SK_PROVIDER"] = $"{Trap}/sh",
        ["OPENSSL_CONF"] = $"{Trap}/sh",
        ["DOTNET_STARTUP_HOOKS"] = $"{Trap}/sh",
        ["BASH_FUNC_find%%"] = $"() {{ {Trap}/find; }}",
        ["BASH_FUNC_dd%%"] = $"() {{ {Trap}/dd; }}",
    };

    [Test]
    public async Task Programs_in_the_working_directory_and_beside_the_configuration_never_run()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await SetTrapsAsync(lab);
        await PushesAsync(lab, "root, among traps", new Invocation(Call()));
        await PushesAsync(lab, "root, hostile environment", new Invocation(Call()) { Environment = Hostile });
        await PushesAsync(lab, "root, no environment", new Invocation(Call("env -i ")));
        await PushesAsync(lab, "a user with sudo for it", new Invocation(Call("sudo ")) { User = "deploy" });
        await PushesAsync(lab, "a user, sudo within", new Invocation(Call()) { User = "deploy", Environment = Hostile });
        foreach (var arguments in new[] { "-C", "-C -d -o report", "history", "-n", "rollback --force" })
        {
            var outcome = await lab.Primary.RunAsync(new Invocation(Call(arguments: arguments)) { Environment = Hostile });
            Assert.That(outcome.ExitCode, Is.Zero, $"{arguments}: {outcome}");
        }
        Assert.That(lab.Primary.Exists($"{Trap}/report"), Is.True, "relative to where it was started");
        Assert.That(lab.Primary.ReadText($"{Trap}/log"), Does.Contain("Updating configuration"));
        NothingRan(lab);
    }

    [Test]
    public async Task Programs_that_are_started_see_no_environment_but_what_ssh_needs()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        foreach (var program in new[] { "ssh", "sed" })
        {
            lab.Primary.Write($"/root/{program}", $"#!/bin/sh\n{{ /usr/bin/env; pwd; }} >/root/{program}.env\nexec /usr/bin/{program} \"$@\"\n");
            await lab.Primary.RunAsync("chmod", "755", $"/root/{program}");
        }
        lab.Configure("SSH=/root/ssh", "SED=/root/sed", $"POSTSYNC=\"{NginxSync.Site}|s/old/new/\"");
        lab.WriteSite("old");
        var outcome = await lab.Primary.RunAsync(new Invocation("/opt/nginx-sync/nginx-sync")
        {
            Environment = new Dictionary<string, string>(Hostile)
            {
                ["SSH_AUTH_SOCK"] = "/root/agent",
                ["TERM"] = "vt100",
                ["LC_ALL"] = "C.UTF-8",
                ["BASH_FUNC_exec%%"] = "() { :; }",
            },
        });
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
        foreach (var (program, locale) in new[] { ("ssh", "C.UTF-8"), ("sed", "C") })
        {
            var lines = lab.Primary.ReadText($"/root/{program}.env").Trim().Split('\n');
            Assert.That(lines, Is.EquivalentTo(new[]
            {
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root", "LOGNAME=root",
                "LANG=C.UTF-8", $"LC_ALL={locale}", "TERM=vt100", "SSH_AUTH_SOCK=/root/agent", "PWD=/", "/",
            }), program);
        }
    }

    [Test]
    public async Task A_working_directory_that_is_gone_matters_to_relative_paths_only()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("new");
        const string Gone = "mkdir /srv/gone && cd /srv/gone && rmdir /srv/gone && ";
        var push = await lab.Primary.RunAsync("sh", "-c", $"{Gone} nginx-sync -l /root/log");
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
        foreach (var (arguments, status, file) in new[]
        {
            ("-f other.conf", 1, "other.conf"), ("-l log", 1, "log"), ("-C -o report", 2, "report"), ("-C --report page", 2, "page"),
        })
        {
            var outcome = await lab.Primary.RunAsync("sh", "-c", $"{Gone} nginx-sync {arguments}");
            Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.ToString());
            Assert.That(outcome.Out, Is.Empty);
            Assert.That(outcome.Err, Is.EqualTo(
                $"nginx-sync: {file} is relative to the working directory, which does not exist any more: " +
                "give the whole path, from / on\n"));
        }
    }

    [Test]
    public async Task What_a_peers_login_sets_for_people_changes_nothing()
    {
        await using var lab = await Lab.StartPeersAsync(1, new PeerKind { Sh = "bash" });
        var peer = lab.Peers[0];
        // sshd gives this to every command of the login, as an exporting .bashrc would.
        await peer.ConfigureSshdAsync("PermitUserEnvironment yes");
        peer.Write("/root/.ssh/environment",
            "TAR_OPTIONS=--exclude=*\nPOSIXLY_CORRECT=1\nNGINX=3;4;\nCDPATH=/etc\n" +
            string.Concat("find tar mv stat say".Split(' ').Select(name => $"BASH_FUNC_{name}%%=() {{ touch {Ran}; }}\n")));
        lab.Configure("HEALTHCHECK=\"tar --version\"");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That(peer.Exists(Ran), Is.False);
    }

    // The directory and the traps are another user's, as in /tmp.
    private static async Task SetTrapsAsync(Lab lab)
    {
        lab.Configure($"POSTSYNC=\"{NginxSync.Site}|s/old/new/\"", "LOCKFILE=/home/deploy/lock");
        var made = await lab.Primary.RunAsync("sh", "-c", $"""
            mkdir -m 777 {Trap} && cd {Trap} || exit
            for name in {Names.ReplaceLineEndings(" ")}; do
              printf '#!/bin/sh\necho "$0 by $(/usr/bin/id -un)" >>{Ran}\n' >"$name" && chmod 755 "$name" || exit
            done
            touch {Ran} && chmod 666 {Ran} && chown plain: {Trap}/* || exit
            install -m 644 /etc/nginx-sync.conf {Trap}/here.conf
            """);
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
    }

    private static string[] Call(string before = "", string arguments = "-l log") =>
        ["/bin/sh", "-c", $"cd {Trap} && exec /usr/bin/env -u SHELL {before} /opt/nginx-sync/nginx-sync -f here.conf {arguments}"];

    private static async Task PushesAsync(Lab lab, string who, Invocation call)
    {
        lab.WriteSite($"old {who}");
        await lab.Primary.RunAsync("rm", "-f", "/home/deploy/lock", $"{Trap}/log");
        var outcome = await lab.Primary.RunAsync(call);
        NothingRan(lab, who);
        Assert.That(outcome.ExitCode, Is.Zero, $"{who}: {outcome}");
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo($"new {who}"));
    }

    private static void NothingRan(Lab lab, string who = "") => Assert.That(lab.Primary.ReadText(Ran), Is.Empty, who);
}
