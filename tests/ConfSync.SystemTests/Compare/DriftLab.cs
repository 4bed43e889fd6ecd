namespace ConfSync.SystemTests.Compare;

/// <summary>A lab whose peers hold what the primary has, and the ways in which they are made to differ.</summary>
internal static class DriftLab
{
    public const string Conf = "/etc/nginx/conf.d";

    /// <summary>Starts a lab, and pushes a few files to every peer.</summary>
    public static async Task<Lab> StartPushedAsync(params PeerKind[] kinds)
    {
        var lab = await Lab.StartAsync(kinds);
        Configure(lab);
        lab.Primary.Write($"{Conf}/a.conf", "# one\n# two\n# three\n# four\n# five\n");
        lab.Primary.Write($"{Conf}/mode.conf", "# mode\n");
        lab.Primary.Write($"{Conf}/owner.conf", "# owner\n");
        lab.Primary.Write($"{Conf}/kind.conf", "# kind\n");
        lab.Primary.Write($"{Conf}/sub/deep.conf", "# deep\n");
        lab.Primary.Files.Link($"{Conf}/link", "a.conf");
        var push = await lab.Primary.RunAsync("nginx-sync");
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        return lab;
    }

    /// <summary>Every peer by its name, and what a test adds.</summary>
    public static void Configure(Lab lab, params string[] more) => lab.Primary.Configure([
        $"NODES=\"{string.Join(' ', lab.Peers.Select(peer => peer.Name))}\"",
        "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"", .. more]);

    /// <summary>Every kind of drift there is, on one peer.</summary>
    public static async Task DriftAsync(Lab lab, Node peer)
    {
        peer.Write($"{Conf}/a.conf", "# one\n# 2\n# three\n# four\n# five");
        peer.Delete($"{Conf}/sub");
        peer.Write($"{Conf}/extra/more.conf", "# more\n");
        peer.Delete($"{Conf}/kind.conf");
        peer.Files.Link($"{Conf}/kind.conf", "mode.conf");
        peer.Delete($"{Conf}/link");
        peer.Files.Link($"{Conf}/link", "mode.conf");
        peer.Files.SetMode($"{Conf}/mode.conf", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var owned = await peer.RunAsync("chown", "www-data:adm", $"{Conf}/owner.conf");
        Assert.That(owned.ExitCode, Is.Zero, owned.ToString());
    }

    public static Task<Outcome> CompareAsync(Lab lab, params string[] flags) =>
        lab.Primary.RunAsync(["nginx-sync", .. flags]);
}
