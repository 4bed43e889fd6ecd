using System.Text.Json;
using Microsoft.Playwright;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>The page of --report in a real browser.</summary>
// One lab and one browser for all of them, one after the other.
[FixtureLifeCycle(LifeCycle.SingleInstance), Parallelizable(ParallelScope.Self)]
public sealed class PageTests
{
    private const string Script = "</pre><script>document.title='ran'</script>";

    // What a reader sees of every piece of text: its size in px, and its contrast to what is behind it as WCAG 2.2 defines it
    // ("contrast ratio", "relative luminance").
    private const string Texts = """
        () => {
          const numbers = color => color.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => {
            const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * x + 0.7152 * y + 0.0722 * z;
          };
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const color = numbers(getComputedStyle(e).backgroundColor);
              if (color.length === 3 || color[3] === 1) return color;
              if (color[3] !== 0) throw new Error('half transparent: ' + e.outerHTML);
            }
            return [255, 255, 255];
          };
          const texts = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
            if (text === '') continue;
            const style = getComputedStyle(element), back = behind(element);
            const [light, dark] = [luminance(numbers(style.color)), luminance(back)].sort((a, b) => b - a);
            const kind = element.closest('del, ins, .removed, .added, td, th, h1, h2, h3, li, p, dt, dd, pre');
            texts.push({
              text, kind: (kind.tagName + '.' + kind.className).toLowerCase(), size: parseFloat(style.fontSize),
              contrast: (light + 0.05) / (dark + 0.05), color: style.color, background: back.join() });
          }
          return JSON.stringify(texts);
        }
        """;

    private readonly List<string> requested = [];
    private string page = "";
    private Browser browser = null!;

    [OneTimeSetUp]
    public async Task Look()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        foreach (var peer in lab.Peers.Take(2)) await DriftAsync(lab, peer);
        // A slash ends a name: this makes directories "<" and "pre><script>document.title='ran'<".
        lab.Primary.Write($"{Conf}/{Script}.conf", $"# {Script}\nserver_tokens off; # new\n");
        lab.Peers[0].Write($"{Conf}/{Script}.conf", "# here\nserver_tokens on; # new\n");
        lab.Primary.Write($"{Conf}/tls.key", "secret\n");
        await lab.Peers[2].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");

        var outcome = await CompareAsync(lab, "-C", "--report", "/root/report.html");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        page = Kept("report.html");
        await File.WriteAllBytesAsync(page, lab.Primary.ReadBytes("/root/report.html"));
        browser = await Browser.StartAsync();
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
    }

    [TearDown]
    public void Nothing_was_asked_of_the_network()
    {
        var asked = requested.ToList();
        requested.Clear();
        Assert.That(asked, Is.Empty);
    }

    [TestCase(false, TestName = "The_matrix_has_every_path_and_node_without_script")]
    [TestCase(true, TestName = "The_matrix_has_every_path_and_node_where_scripts_are_run")]
    public async Task The_matrix_has_every_path_and_node(bool runsScripts)
    {
        var shown = await browser.OpenAsync(page, requested, runsScripts: runsScripts);

        Assert.That(await shown.TitleAsync(), Is.EqualTo(
            "nginx-sync: 2 nodes compared, 2 with differences, 2 where nginx runs something else than its disk holds; 1 node not compared"));
        Assert.That(await shown.Locator("script").CountAsync(), Is.Zero);
        Assert.That(await shown.Locator(".matrix thead th").AllInnerTextsAsync(), Is.EqualTo((string[])["path", "peer1", "peer2", "peer3"]));
        // 9 paths of the drift, a key; the odd file and two directories, which peer1 has.
        Assert.That(await shown.Locator(".matrix tbody tr").CountAsync(), Is.EqualTo(13));
        Assert.That(await shown.Locator(".matrix tbody td").CountAsync(), Is.EqualTo(13 * 3));
        Assert.That(await shown.Locator(".matrix td.error").AllInnerTextsAsync(), Has.Count.EqualTo(13).And.All.EqualTo("not compared"));
        Assert.That(await shown.Locator(".matrix td.same").CountAsync(), Is.EqualTo(2), "two directories of peer1");

        // What looks like a script is read, not run.
        Assert.That(await shown.Locator("h3").AllInnerTextsAsync(), Has.Exactly(2).EqualTo($"{Conf}/{Script}.conf"));
        Assert.That(await shown.Locator(".diff td.added", new() { HasText = Script }).CountAsync(), Is.EqualTo(2));
        Assert.That(await shown.Locator(".diff del").AllInnerTextsAsync(), Has.Some.Matches("^on;?$"), "the change inside the line");
        Assert.That(await shown.Locator(".diff ins").AllInnerTextsAsync(), Has.Some.Matches("^off;?$"));
        await shown.Context.CloseAsync();
    }

    [TestCase(ColorScheme.Light, false)]
    [TestCase(ColorScheme.Dark, false)]
    [TestCase(ColorScheme.Light, true)]
    [TestCase(ColorScheme.Dark, true)]
    public async Task Every_text_can_be_read(ColorScheme scheme, bool isPhone)
    {
        var shown = await browser.OpenAsync(page, requested, scheme, isPhone);
        // One is the target of a link: that has a colour of its own.
        await shown.Locator(".matrix a").First.ClickAsync();
        var texts = await TextsAsync(shown);

        Assert.That(texts, Has.Count.GreaterThan(100));
        Assert.That(texts.Where(text => text.Contrast < 4.5), Is.Empty, "WCAG 2.2, 1.4.3");
        Assert.That(texts.Where(text => text.Size < 12), Is.Empty, "px");
        Assert.That(texts.Select(text => text.Kind), Is.SupersetOf((string[])
            ["del.", "ins.", "td.removed", "td.added", "td.context", "td.differs", "td.only-local", "td.only-remote", "td.error"]));
        Assert.That(await shown.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "the page itself does not scroll sideways");
        var sideways = await shown.Locator(".wide").EvaluateAllAsync<bool[]>("all => all.map(one => one.scrollWidth > one.clientWidth)");
        Assert.That(sideways, isPhone ? Has.Some.True : Has.None.True, "but the matrix in itself");
        var name = $"report-{scheme}-{(isPhone ? "phone" : "wide")}".ToLowerInvariant();
        foreach (var (part, selector) in new[] { ("top", "h1"), ("diff", "section section") })
        {
            await shown.Locator(selector).First.EvaluateAsync("one => one.scrollIntoView()");
            var picture = Kept($"{name}-{part}.png");
            await shown.ScreenshotAsync(new PageScreenshotOptions { Path = picture });
            TestContext.AddTestAttachment(picture);
        }
        await shown.Context.CloseAsync();
    }

    [TestCase(ColorScheme.Light, false)]
    [TestCase(ColorScheme.Dark, false)]
    [TestCase(ColorScheme.Light, true)]
    public async Task Axe_finds_nothing_to_complain_of(ColorScheme scheme, bool isPhone)
    {
        var shown = await browser.OpenAsync(page, requested, scheme, isPhone, runsScripts: true);
        Assert.That(await Browser.ViolationsAsync(shown), Is.Empty);
        await shown.Context.CloseAsync();
    }

    [Test]
    public async Task The_page_says_who_compared_what_and_when_and_leads_to_each_node()
    {
        var shown = await browser.OpenAsync(page, requested);

        Assert.That(await shown.Locator(".verdict").AllInnerTextsAsync(), Is.EqualTo((string[])
            ["2 nodes compared, 2 with differences, 2 where nginx runs something else than its disk holds; 1 node not compared"]));
        var facts = (await shown.Locator("header dl div").AllInnerTextsAsync()).Select(fact => fact.Split('\n')).ToDictionary(fact => fact[0], fact => fact[^1]);
        Assert.That(facts["Primary and user"], Is.EqualTo("root@primary"));
        Assert.That(facts["Configuration file"], Is.EqualTo("/etc/nginx-sync.conf"));
        Assert.That(facts["Version"], Does.Match(@"^nginx-sync \d+\.\d+\.\d+(-[0-9a-z.]+)?(\+[0-9a-f]{12})?$"));
        Assert.That(facts["Begun"], Does.Match(@"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$"));
        Assert.That(await shown.Locator(".legend dt").AllInnerTextsAsync(), Is.EqualTo((string[])["same", "content, mode, …", "only here", "only there", "not compared"]));
        foreach (var node in (string[])["peer1", "peer2", "peer3"])
        {
            await shown.Locator(".nodes a", new() { HasText = node }).ClickAsync();
            Assert.That(await shown.Locator("section:target > h2").InnerTextAsync(), Is.EqualTo(node));
        }
        Assert.That(await shown.Locator("section:target > pre").InnerTextAsync(), Does.Contain("refused"), "why peer3 could not be compared");
        await shown.Context.CloseAsync();
    }

    [Test]
    public async Task Dark_and_light_are_as_the_system_is()
    {
        var shown = await browser.OpenAsync(page, requested);
        var light = await TextsAsync(shown);
        await shown.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await TextsAsync(shown);
        foreach (var (one, other) in light.Zip(dark))
        {
            Assert.That((other.Color, other.Background), Is.Not.EqualTo((one.Color, one.Background)), one.ToString());
        }
        Assert.That(light[0].Background, Is.EqualTo("255,255,255"));
        Assert.That(dark[0].Background.Split(',').Select(int.Parse), Has.All.LessThan(0x40));
        await shown.Context.CloseAsync();
    }

    [Test]
    public async Task Every_link_and_what_scrolls_is_reached_by_the_keyboard()
    {
        var shown = await browser.OpenAsync(page, requested, isPhone: true);
        var wanted = await shown.Locator("a, .wide").CountAsync();
        var reached = new List<string>();
        for (var i = 0; i < wanted; i++)
        {
            await shown.Keyboard.PressAsync("Tab");
            reached.Add(await shown.EvaluateAsync<string>("""
                () => {
                  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                  const seen = s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight;
                  return `${e.tagName} ${seen ? 'seen' : 'unseen'} ${[...document.querySelectorAll('a, .wide')].indexOf(e)}`;
                }
                """));
        }
        Assert.That(reached, Is.EqualTo(await shown.Locator("a, .wide").EvaluateAllAsync<string[]>(
            "all => all.map((one, i) => `${one.tagName} seen ${i}`)")), "each once, in its order, and seen to be there");

        // The matrix is wider than the screen.
        var matrix = shown.Locator(".wide").First;
        await matrix.FocusAsync();
        await shown.Keyboard.PressAsync("ArrowRight");
        await Eventually.TrueAsync(
            async () => await matrix.EvaluateAsync<double>("one => one.scrollLeft") > 0, "it is scrolled by an arrow key");

        var cell = shown.Locator(".matrix tr", new() { HasText = $"{Conf}/a.conf" }).Locator("a").Nth(1);
        await cell.FocusAsync();
        await shown.Keyboard.PressAsync("Enter");
        var target = shown.Locator("section:target");
        Assert.That(await target.Locator("h3").InnerTextAsync(), Is.EqualTo($"{Conf}/a.conf"));
        Assert.That(await target.Locator("del").CountAsync(), Is.Positive);
        Assert.That(await target.EvaluateAsync<bool>("one => { const r = one.getBoundingClientRect(); return r.top > -1 && r.top < innerHeight; }"), "it is in sight");
        await shown.Keyboard.PressAsync("Tab");
        Assert.That(await target.Locator(".wide").EvaluateAsync<bool>("one => one === document.activeElement"), "on from there");
        await shown.Context.CloseAsync();
    }

    [Test]
    public async Task A_script_and_a_request_would_be_seen()
    {
        var bad = Kept("bad.html");
        await File.WriteAllTextAsync(bad, $"<title>x</title><img src=http://127.0.0.1:9/picture><pre>{Script}");
        var shown = await browser.OpenAsync(bad, requested, runsScripts: true);
        Assert.That(await shown.TitleAsync(), Is.EqualTo("ran"));
        Assert.That(requested, Is.EqualTo((string[])["http://127.0.0.1:9/picture"]));
        requested.Clear();
        Assert.That(await Browser.ViolationsAsync(shown), Has.Some.StartsWith("image-alt").And.Some.StartsWith("html-has-lang"), "axe would say so");
        await shown.Context.CloseAsync();
    }

    private static string Kept(string name) => Path.Combine(TestContext.CurrentContext.WorkDirectory, name);

    private static async Task<IReadOnlyList<Text>> TextsAsync(IPage shown) =>
        JsonSerializer.Deserialize<List<Text>>(await shown.EvaluateAsync<string>(Texts), JsonSerializerOptions.Web)!;

    /// <summary>One piece of text as it is seen.</summary>
    /// <param name="Kind">The element that says what it is, as TAG.CLASS.</param>
    private sealed record Text([property: System.Text.Json.Serialization.JsonPropertyName("text")] string Words, string Kind, double Size, double Contrast, string Color, string Background);
}
