using Microsoft.Playwright;

namespace ConfSync.SystemTests.Compare;

/// <summary>The page of --report of a push, a dry run and a roll-back in a real browser: what changed where.</summary>
public sealed class RunPageTests
{
    [Test]
    public async Task A_push_has_a_page_of_what_changed_on_which_node()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("second");
        lab.Primary.Write("/etc/nginx/conf.d/new.conf", "# new\n");
        lab.Primary.Write("/etc/nginx/conf.d/tls.key", "secret words\n");
        lab.Peers[0].Write("/etc/nginx/conf.d/extra.conf", "# extra\n");
        await lab.Peers[2].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        await using var browser = await Browser.StartAsync();

        var plan = await lab.NginxSyncAsync("-n", "--report", "/root/plan.html");
        Assert.That(plan.Out, Does.Not.Contain("@@"), "differences are for the page");
        var push = await lab.NginxSyncAsync("--report", "/root/push.html", "-m", "ticket <17>");
        Assert.That((plan.ExitCode, push.ExitCode), Is.EqualTo((2, 2)), push.ToString());

        var planned = await OpenAsync(lab, browser, "plan.html");
        Assert.That(await planned.Locator("h1").InnerTextAsync(), Is.EqualTo("nginx-sync push, dry run"));
        Assert.That(await planned.Locator(".matrix td.only-local").First.InnerTextAsync(), Is.EqualTo("would be created"));
        var shown = await OpenAsync(lab, browser, "push.html");
        Assert.That(await shown.Locator(".verdict.error").InnerTextAsync(), Is.EqualTo(
            $"Pushed to 2 of 3 nodes: {lab.Peers[0].Address} and {lab.Peers[1].Address} have the new configuration and serve it; {lab.Peers[2].Address} has what it had. They may differ."));
        Assert.That(await shown.Locator("header dd").AllInnerTextsAsync(), Does.Contain("ticket <17>").And.Contain("root@primary").And.Contain("/etc/nginx-sync.conf"));
        var row = shown.Locator(".matrix tbody tr");
        Assert.That(await row.Nth(0).Locator("th, td").AllInnerTextsAsync(), Is.EqualTo((string[])["/etc/nginx/conf.d/extra.conf", "deleted", "as it was", "failed"]));
        Assert.That(await row.Nth(1).Locator("th, td").AllInnerTextsAsync(), Is.EqualTo((string[])["/etc/nginx/conf.d/new.conf", "created", "created", "failed"]));
        Assert.That(await row.Nth(2).Locator("th, td").AllInnerTextsAsync(), Is.EqualTo((string[])[NginxSync.Site, "changed: content", "changed: content", "failed"]));
        await row.Nth(2).Locator("a").First.ClickAsync();
        Assert.That(await shown.Locator("section:target del").AllInnerTextsAsync(), Has.Some.Contains("first"));
        Assert.That(await shown.Locator("section:target ins").AllInnerTextsAsync(), Has.Some.Contains("second"));
        Assert.That(await shown.Locator(".diff thead th").AllInnerTextsAsync(), Does.Contain("before").And.Contain("after"));
        await shown.Locator(".nodes a").Nth(2).ClickAsync();
        Assert.That(await shown.Locator("section:target > pre").InnerTextAsync(), Does.Contain("Connection refused"));
        Assert.That(await shown.ContentAsync(), Does.Not.Contain("secret words"));
        foreach (var one in new[] { planned, shown }) Assert.That(await Browser.ViolationsAsync(one), Is.Empty);
    }

    [Test]
    public async Task A_roll_back_and_a_run_that_was_refused_have_one_too()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("second");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        await using var browser = await Browser.StartAsync();

        _ = (await lab.NginxSyncAsync("rollback", "--report", "/root/back.html")).OutIfSuccessful;
        lab.WriteSite("third", more: "nonsense;");
        var refused = await lab.NginxSyncAsync("--report", "/root/refused.html");

        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        var back = await OpenAsync(lab, browser, "back.html");
        Assert.That(await back.Locator(".verdict.same").InnerTextAsync(), Does.StartWith("Rolled back 1 of 1 node: 1 put back; it serves it. Undone: run "));
        Assert.That(await back.Locator(".matrix td").AllInnerTextsAsync(), Is.EqualTo((string[])["changed: content"]));
        var failed = await OpenAsync(lab, browser, "refused.html");
        Assert.That(await failed.Locator(".verdict.error").InnerTextAsync(), Does.StartWith("testing the local nginx configuration failed:\n").And.Contain("nonsense"));
        Assert.That(await failed.Locator(".matrix").CountAsync(), Is.Zero);
        foreach (var one in new[] { back, failed }) Assert.That(await Browser.ViolationsAsync(one), Is.Empty);
        var unwritable = await lab.NginxSyncAsync("rollback", "-n", "--report", "/no/such/file");
        Assert.That(unwritable.ExitCode, Is.EqualTo(1), "before anything is done");
        Assert.That(unwritable.Err, Does.EndWith("nginx-sync: the report cannot be written: /no/such/file: there is no directory /no/such\n"));
    }

    private static async Task<IPage> OpenAsync(Lab lab, Browser browser, string name)
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{lab.Name}-{name}");
        await File.WriteAllBytesAsync(file, lab.Primary.ReadBytes($"/root/{name}"));
        List<string> requested = [];
        var page = await browser.OpenAsync(file, requested, runsScripts: true);
        Assert.That(requested, Is.Empty);
        return page;
    }
}
