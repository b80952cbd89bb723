using Microsoft.Playwright;
using Slipway.Web.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Slipway.Web.Tests;

/// <summary>Debian's browser, one process for all tests; each page opened in it has cookies and storage of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--no-first-run",
    ];

    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        // Machines that build and test at once take their time.
        Assertions.SetDefaultExpectTimeout(20_000);
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Arguments }
        );
    }

    /// <summary>A new visitor, who has not been here before.</summary>
    public async Task<Visit> VisitAsync(Uri server, bool dark = false, bool narrow = false)
    {
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = server.ToString(),
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = narrow
                    ? new ViewportSize { Width = 390, Height = 844 }
                    : new() { Width = 1440, Height = 900 },
                HasTouch = narrow,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(20_000);
        return new Visit(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
