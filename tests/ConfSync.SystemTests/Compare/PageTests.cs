using System.Text.RegularExpressions;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>The page of --report in a real browser.</summary>
public sealed class PageTests
{
    private const string Script = "</pre><script>document.title='ran'</script>";

    [Test]
    public async Task The_page_is_read_without_network_or_script_and_shows_what_looks_like_one()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        foreach (var peer in lab.Peers.Take(2)) await DriftAsync(lab, peer);
        // A slash ends a name: this makes directories "<" and "pre><script>document.title='ran'<".
        lab.Primary.Write($"{Conf}/{Script}.conf", $"# {Script}\nserver_tokens off; # new\n");
        lab.Peers[0].Write($"{Conf}/{Script}.conf", "# here\nserver_tokens on; # new\n");
        await lab.Peers[2].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");

        var outcome = await CompareAsync(lab, "-C", "--report", "/root/report.html");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        var directory = Directory.CreateTempSubdirectory("nginx-sync-page.");
        try
        {
            var page = Path.Combine(directory.FullName, "report.html");
            await File.WriteAllBytesAsync(page, lab.Primary.ReadBytes("/root/report.html"));
            var kept = Path.Combine(TestContext.CurrentContext.WorkDirectory, "report.html");
            File.Copy(page, kept, overwrite: true);

            var dom = await ChromiumAsync(directory, $"file://{page}", "--dump-dom");
            Assert.That(dom, Does.Contain("<title>nginx-sync: 2 nodes compared, 2 with differences"));
            Assert.That(dom, Does.Not.Contain("<script"));
            // 9 paths of the drift; the odd file and two directories, which peer1 has.
            Assert.That(Regex.Matches(dom, "<th scope=\"row\">"), Has.Count.EqualTo(12));
            Assert.That(Regex.Matches(dom, "<td class=\"error\">not compared</td>"), Has.Count.EqualTo(12));
            Assert.That(dom, Does.Contain("<h3>/etc/nginx/conf.d/&lt;/pre&gt;&lt;script&gt;document.title='ran'&lt;/script&gt;.conf</h3>"));
            Assert.That(dom, Does.Match("<del>on;?</del>").And.Match("<ins>off;?</ins>"), "the change inside the line");

            foreach (var (name, size) in new[] { ("report-wide.png", "1280,1600"), ("report-phone.png", "500,1600") })
            {
                var picture = Path.Combine(TestContext.CurrentContext.WorkDirectory, name);
                await ChromiumAsync(directory, $"file://{page}", $"--screenshot={picture}", $"--window-size={size}");
                Assert.That(new FileInfo(picture).Length, Is.GreaterThan(10_000));
                TestContext.AddTestAttachment(picture);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_script_would_be_seen_to_run()
    {
        var directory = Directory.CreateTempSubdirectory("nginx-sync-page.");
        try
        {
            var page = Path.Combine(directory.FullName, "bad.html");
            await File.WriteAllTextAsync(page, $"<title>x</title><pre>{Script}");
            Assert.That(await ChromiumAsync(directory, $"file://{page}", "--dump-dom"), Does.Contain("<title>ran</title>"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> ChromiumAsync(DirectoryInfo directory, string page, params string[] arguments)
    {
        await using var browser = Running.Start("timeout", [
            "-k", "5", "60", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-dev-shm-usage", $"--user-data-dir={Path.Combine(directory.FullName, "profile")}", .. arguments, page]);
        return (await browser.WaitAsync()).OutIfSuccessful;
    }
}
