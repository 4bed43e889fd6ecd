using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ConfSync.SystemTests.Compare;

/// <summary>Debian's Chromium without a window. What a page asks the network for is refused and remembered.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser chromium;

    private Browser(IPlaywright playwright, IBrowser chromium) => (this.playwright, this.chromium) = (playwright, chromium);

    /// <exception cref="PlaywrightException">There is no Chromium that can be run.</exception>
    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            // The package's own browsers are never downloaded. Its sandbox cannot be root's.
            return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = "/usr/bin/chromium",
                ChromiumSandbox = false,
                Args = ["--disable-gpu", "--disable-dev-shm-usage"],
            }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <param name="requested">Is given the address of everything that the page asks for, itself excepted.</param>
    public async Task<IPage> OpenAsync(
        string file, ICollection<string> requested, ColorScheme scheme = ColorScheme.Light, bool isPhone = false, bool runsScripts = false)
    {
        var address = new Uri(file).AbsoluteUri;
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            JavaScriptEnabled = runsScripts,
            ColorScheme = scheme,
            ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 900 },
            IsMobile = isPhone,
            HasTouch = isPhone,
            DeviceScaleFactor = isPhone ? 2 : 1,
        });
        await context.RouteAsync(_ => true, route => route.Request.Url == address ? route.ContinueAsync() : route.AbortAsync());
        context.Request += (_, request) =>
        {
            if (request.Url != address) requested.Add(request.Url);
        };
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>What axe-core finds wrong with a page: rule and element. Its rules are those of WCAG 2 up to 2.2, level AA, and what it
    /// calls best practice.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        var result = await page.RunAxe();
        return [.. result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {rule.Help}: {node.Html}"))];
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
