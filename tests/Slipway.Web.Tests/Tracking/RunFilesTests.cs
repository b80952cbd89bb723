using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracking;

/// <summary>Files of a run that the pages read: notebooks, tables, logs, and what tells of code and environment.</summary>
public sealed class RunFilesTests(WebServer server, Chromium chromium)
{
    /// <summary>Three rows of "zone" (texts) and "fare" (doubles), written by another program.</summary>
    private const string Parquet =
        "UEFSMRUGFTgVPFwVBhUAFQYVABUEFQAAAAMHGmQFAAAAbm9ydGgFAAAAc291dGgEAAAAZWFzdBUGFTQVMFwVBhUAFQYVABUEFQAAAAMHGAAABQEE"
        + "KUAFBygAHUAAAAAAAAA+QBUEGTxIBHJvb3QVBAAVDCUCGAR6b25lJQAAFQolAhgEZmFyZQAWBhkcGSwmCBwVDBkVABkYBHpvbmUVAhYGFmIWZiYI"
        + "PDYAKAVzb3V0aBgEZWFzdAAZHBUGFQAVAgAAACZuHBUKGRUAGRgEZmFyZRUCFgYWXhZaJm48NgAoCAAAAAAAAD5AGAgAAAAAAAAdQDYAABkcFQYV"
        + "ABUCAAAAFsABFgY2wAEAKAloeXBhcnF1ZXQZLBwAABwAAAC7AAAAUEFSMQ==";

    [Fact]
    public async Task Notebooks_and_parquet_files_are_shown_and_nothing_in_them_runs()
    {
        var run = await server.RunAsync(await server.ExperimentAsync("previews"), "with files");
        await server.UploadAsync(run, "rows.parquet", Convert.FromBase64String(Parquet));
        var notebook = new
        {
            cells = new object[]
            {
                new { cell_type = "markdown", source = new[] { "# Fares\n", "[x](javascript:alert(1))" } },
                new
                {
                    cell_type = "code",
                    source = "print('hi')",
                    outputs = new object[]
                    {
                        new { output_type = "stream", text = "hi there\n" },
                        new
                        {
                            output_type = "display_data",
                            data = new Dictionary<string, string>
                            {
                                ["text/html"] = "<script>parent.document.title='taken'</script><b>bold</b>",
                                ["image/png"] = "\"><script>alert(1)</script>",
                            },
                        },
                    },
                },
            },
        };
        await server.UploadAsync(run, "explore.ipynb", JsonSerializer.Serialize(notebook));
        await server.UploadAsync(run, "broken.parquet", "PAR1 and nothing else");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}?tab=artifacts");

        await page.GetByText("rows.parquet").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "12.5" })).ToBeVisibleAsync();
        await Expect(page.GetByText("3 rows, 2 columns")).ToBeVisibleAsync();
        await page.GetByText("explore.ipynb").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Fares" })).ToBeVisibleAsync();
        await Expect(page.GetByText("hi there")).ToBeVisibleAsync();
        await Expect(page.FrameLocator("iframe").GetByText("bold")).ToBeVisibleAsync();
        await page.GetByText("broken.parquet").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be shown");

        Assert.DoesNotContain("taken", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.All(
            visit.Complaints,
            complaint => Assert.Contains("Blocked script", complaint, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_log_is_followed_while_the_run_works()
    {
        var run = await server.RunAsync(await server.ExperimentAsync("logs"), "talking");
        await server.UploadAsync(run, "logs/train.log", "\u001b[32mstep 1\u001b[0m\n");
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/runs/{run}?tab=logs");
        await Expect(page.GetByLabel("Content of the log")).ToHaveTextAsync("step 1\n");

        await server.UploadAsync(run, "logs/train.log", "step 1\nstep 2\n");

        await Expect(page.GetByLabel("Content of the log")).ToContainTextAsync("step 2");
        Assert.Equal([], await visit.BarriersAsync());
    }

    [Fact]
    public async Task Two_runs_show_what_differs_in_their_code_and_environment()
    {
        var experiment = await server.ExperimentAsync("code");
        List<string> runs = [];
        foreach (var (name, version) in new[] { ("before", "1.2"), ("after", "1.3") })
        {
            var run = await server.RunAsync(
                experiment,
                name,
                tags: new() { ["mlflow.source.git.commit"] = $"commit of {name}" }
            );
            await server.UploadAsync(run, "requirements.txt", $"numpy==1.0\nscikit-learn=={version}\n");
            await server.UploadAsync(run, "code.diff", "@@ -1 +1 @@\n-depth = 3\n+depth = 5\n");
            runs.Add(run);
        }
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync($"/runs/{runs[0]}?tab=code");
        await Expect(page.Locator("[data-kind=added]")).ToContainTextAsync("depth = 5");
        Assert.Equal([], await visit.BarriersAsync());
        await visit.OpenAsync($"/compare?runs={string.Join(',', runs)}&tab=code");

        var environment = page.GetByLabel("requirements.txt", new() { Exact = true }).Last;
        await Expect(environment.Locator("[data-kind=removed]")).ToContainTextAsync("scikit-learn==1.2");
        await Expect(environment.Locator("[data-kind=added]")).ToContainTextAsync("scikit-learn==1.3");
        await Expect(page.GetByText("commit of after")).ToBeVisibleAsync();
        Assert.Equal([], await visit.BarriersAsync());
        Assert.Empty(visit.Complaints);
    }
}
