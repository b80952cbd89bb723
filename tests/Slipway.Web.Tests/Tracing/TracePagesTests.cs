using System.Net.Http.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Tracing;

public sealed class TracePagesTests(WebServer server, Chromium chromium)
{
    [Fact]
    public async Task A_trace_is_found_in_the_list_and_its_spans_stand_as_a_tree()
    {
        var experiment = await server.ExperimentAsync("assistant");
        await TraceAsync(experiment);
        await using var visit = await chromium.VisitAsync(server.Address);
        var page = await visit.OpenAsync($"/traces?experiment={experiment}");

        await page.GetByRole(AriaRole.Link, new() { Name = "How many?" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Treeitem)).ToHaveCountAsync(2);
        Assert.Equal([], await visit.BarriersAsync());
        await page.GetByRole(AriaRole.Treeitem, new() { Name = "call the model" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("the model did not answer");
        await Expect(page.Locator("pre[aria-label=Inputs]")).ToContainTextAsync("<script>");
        Assert.Contains("span=", page.Url, StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Without_traces_the_page_says_how_to_send_some()
    {
        var experiment = await server.ExperimentAsync("silent");
        await using var visit = await chromium.VisitAsync(server.Address);

        var page = await visit.OpenAsync($"/traces?experiment={experiment}");

        await Expect(page.GetByText("No trace yet")).ToBeVisibleAsync();
        Assert.Equal([], await visit.BarriersAsync());
    }

    private async Task TraceAsync(string experiment)
    {
        const string traceId = "0af7651916cd43dd8448eb211c80319c";
        object Attribute(string key, string value) => new { key, value = new { stringValue = value } };
        object Span(string id, string? parent, string name, int code, string input) =>
            new
            {
                traceId,
                spanId = id,
                parentSpanId = parent,
                name,
                startTimeUnixNano = "1760000000000000000",
                endTimeUnixNano = "1760000000500000000",
                status = new { code, message = code == 2 ? "the model did not answer" : "" },
                attributes = new[] { Attribute("mlflow.spanInputs", input) },
            };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces");
        request.Headers.Add("x-mlflow-experiment-id", experiment);
        request.Content = JsonContent.Create(
            new
            {
                resourceSpans = new[]
                {
                    new
                    {
                        scopeSpans = new[]
                        {
                            new
                            {
                                spans = new[]
                                {
                                    Span("00f067aa0ba902b7", null, "answer", 1, "How many?"),
                                    Span(
                                        "00f067aa0ba902b8",
                                        "00f067aa0ba902b7",
                                        "call the model",
                                        2,
                                        "<script>alert(1)</script>"
                                    ),
                                },
                            },
                        },
                    },
                },
            }
        );
        using var answer = await server.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
