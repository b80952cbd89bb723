using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Slipway.Web.Tests;

/// <summary>What one visitor sees; anything that the pages do wrong behind the scenes is kept for <see cref="Complaints"/>.</summary>
public sealed class Visit : IAsyncDisposable
{
    private const string Blank = "about:blank";
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    internal Visit(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            var asked = new Uri(request.Url);
            if (
                asked.Scheme is "http" or "https"
                && asked.Authority != new Uri(page.Url).Authority
                && page.Url != Blank
            )
                complaints.Add($"asked another machine for {request.Url}");
        };
        page.Dialog += (_, dialog) =>
        {
            complaints.Add($"a dialog of the browser: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, refusals of the content policy and windows that asked for attention.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async Task<IPage> OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        return Page;
    }

    /// <summary>What keeps people from using the page as it is now, one line each.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        var result = await Page.RunAxe();
        return
        [
            .. result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Target} {node.Html}")),
        ];
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
