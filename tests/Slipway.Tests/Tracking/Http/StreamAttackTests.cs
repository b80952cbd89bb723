using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Identity;
using Slipway.Tests.Identity.Http;

namespace Slipway.Tests.Tracking.Http;

/// <summary>Attack D13: streams of events, opened from pages of others and for what belongs to others.</summary>
public sealed class StreamAttackTests : IAsyncLifetime
{
    private readonly PeopledServer people = new();
    private string[] streams = [];

    public async ValueTask InitializeAsync()
    {
        await people.InitializeAsync();
        using var admin = people.As(PeopledServer.Admin);
        var experiment = await MakeAsync(admin, "/api/v1/experiments", new { name = "secret" });
        var run = await MakeAsync(admin, "/api/v1/runs", new { experiment_id = experiment });
        await people.ShutOutAsync(Resource.Experiment(experiment));
        streams = [$"/api/v1/runs/{run}/live", $"/api/v1/live?experiments={experiment}"];
    }

    public ValueTask DisposeAsync() => people.DisposeAsync();

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("http://localhost.evil.test")]
    [InlineData("null")]
    [InlineData("file://")]
    public async Task A_page_of_another_origin_reads_no_stream(string origin)
    {
        foreach (var stream in streams)
            Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(PeopledServer.Admin, stream, origin));
    }

    [Fact]
    public async Task Nobody_reads_the_stream_of_what_they_may_not_read()
    {
        foreach (var stream in streams)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(null, stream));
            Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(PeopledServer.Outsider, stream));
            Assert.Equal(HttpStatusCode.NotFound, await OpenAsync(PeopledServer.Stranger, stream));
            Assert.Equal(HttpStatusCode.OK, await OpenAsync(PeopledServer.Viewer, stream));
        }
    }

    /// <summary>The status of the stream; of one that is refused, no event comes.</summary>
    private async Task<HttpStatusCode> OpenAsync(string? person, string stream, string? origin = null)
    {
        using var client = people.As(person);
        using var request = new HttpRequestMessage(HttpMethod.Get, stream);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            Assert.DoesNotContain("data:", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        return answer.StatusCode;
    }

    private static async Task<string> MakeAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
