using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

/// <summary>
/// The document of the native API. That what goes over the wire is as it says is held by <see cref="ApiContract"/> in all
/// tests that talk to a server.
/// </summary>
public sealed class OpenApiTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_has_a_name_of_its_own_and_says_what_it_is_for()
    {
        var calls = (await ReadAsync())
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => method.Value))
            .ToList();
        Assert.All(
            calls,
            call => Assert.EndsWith(".", call.GetProperty("summary").GetString(), StringComparison.Ordinal)
        );
        Assert.Distinct(calls.Select(call => call.GetProperty("operationId").GetString()));
    }

    [Fact]
    public async Task Every_field_of_every_record_says_what_it_holds()
    {
        var silent =
            from schema in (await ReadAsync()).GetProperty("components").GetProperty("schemas").EnumerateObject()
            where schema.Value.TryGetProperty("properties", out _)
            from field in schema.Value.GetProperty("properties").EnumerateObject()
            where !field.Value.TryGetProperty("description", out _)
            select $"{schema.Name}.{field.Name}";
        Assert.Empty(silent);
    }

    [Fact]
    public async Task A_field_that_may_be_left_out_of_a_request_is_always_in_an_answer()
    {
        var schemas = (await ReadAsync()).GetProperty("components").GetProperty("schemas");
        Assert.DoesNotContain("tags", Required(schemas, "DatasetInputRequest"));
        Assert.Contains("tags", Required(schemas, "DatasetInput"));
        Assert.DoesNotContain("profile", Required(schemas, "DatasetInput"));
    }

    [Fact]
    public async Task What_is_not_as_documented_is_found()
    {
        using var http = new HttpClient(new ApiContract(new Liar())) { BaseAddress = new Uri("http://liar") };
        var asked = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() =>
            http.PostAsJsonAsync("/api/v1/runs/search", new { experiment_ids = "0" }, Cancellation)
        );
        Assert.Contains("the request.experiment_ids is not array", asked.Message, StringComparison.Ordinal);
        Assert.Contains("the answer.items is missing", asked.Message, StringComparison.Ordinal);
        Assert.Contains("the answer.total is not integer", asked.Message, StringComparison.Ordinal);
        Assert.Contains("the answer.more is not documented", asked.Message, StringComparison.Ordinal);
        var deleted = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() =>
            http.DeleteAsync("/api/v1/runs/1", Cancellation)
        );
        Assert.Contains("the status 200 is not named", deleted.Message, StringComparison.Ordinal);
    }

    private async Task<JsonElement> ReadAsync() =>
        await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/openapi.json", Cancellation);

    private static IEnumerable<string?> Required(JsonElement schemas, string name) =>
        schemas.GetProperty(name).GetProperty("required").EnumerateArray().Select(field => field.GetString());

    /// <summary>Answers everything in the same wrong way.</summary>
    private sealed class Liar : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent("""{"total":1.5,"more":1}""", Encoding.UTF8, "application/json"),
                }
            );
    }
}
