using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>Artifacts as MLflow's clients and pages ask for them, on a folder.</summary>
public sealed class ArtifactsTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Proxy = "/api/2.0/mlflow-artifacts";

    private readonly string folder = $"tests/{Guid.NewGuid():n}";

    private HttpClient Http => server.Http;

    [Fact]
    public async Task An_upload_answers_an_empty_object_and_can_be_downloaded()
    {
        using var put = await PutAsync("model/weights.bin", [1, 2, 3]);
        Assert.Equal("{}", await put.Content.ReadAsStringAsync());
        Assert.Equal("application/json", put.Content.Headers.ContentType!.MediaType);

        using var get = await Http.GetAsync(Url("model/weights.bin"));

        Assert.Equal([1, 2, 3], await get.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", get.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", get.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("weights.bin", get.Content.Headers.ContentDisposition.FileName);
        Assert.Equal(3, get.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("a.txt", "text/plain")]
    [InlineData("conda.yaml", "text/plain")]
    [InlineData("data.json", "text/plain")]
    [InlineData("MLmodel", "text/plain")]
    [InlineData("x.html", "text/html")]
    [InlineData("x.svg", "image/svg+xml")]
    [InlineData("plot.png", "image/png")]
    [InlineData("model.pkl", "application/octet-stream")]
    [InlineData("no-extension", "application/octet-stream")]
    public async Task Whatever_it_is_called_a_browser_saves_it_and_runs_nothing_in_it(string name, string type)
    {
        await PutAsync(name, "<script>alert(1)</script>"u8.ToArray());

        using var get = await Http.GetAsync(Url(name));

        Assert.Equal(type, get.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", get.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(["nosniff"], get.Headers.GetValues("X-Content-Type-Options"));
        Assert.StartsWith(
            "sandbox",
            Assert.Single(get.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("sp ace é.txt")]
    [InlineData("日本語.csv")]
    [InlineData("100%.txt")]
    [InlineData("a%20b.txt")]
    [InlineData("step+1&x=y;z.png")]
    [InlineData("quoted \"name\".txt")]
    public async Task Names_outside_of_ascii_work(string name)
    {
        await PutAsync($"names/{name}", [42]);

        using var get = await Http.GetAsync(Url($"names/{name}"));
        var files = await FilesAsync("names");

        Assert.Equal([42], await get.Content.ReadAsByteArrayAsync());
        Assert.Equal(name, get.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Contains(files, file => file.GetProperty("path").GetString() == name);
    }

    [Fact]
    public async Task A_listing_names_what_lies_in_the_folder()
    {
        await PutAsync("list/b.txt", [1, 2]);
        await PutAsync("list/a/deep/x", [1]);
        await PutAsync("list/empty", []);

        var files = await FilesAsync("list");

        Assert.Equal(["a", "b.txt", "empty"], files.Select(file => file.GetProperty("path").GetString()));
        Assert.Equal([true, false, false], files.Select(file => file.GetProperty("is_dir").GetBoolean()));
        Assert.False(files[0].TryGetProperty("file_size", out _));
        Assert.Equal(2, files[1].GetProperty("file_size").GetInt64());
        Assert.False(files[2].TryGetProperty("file_size", out _));
        Assert.Equal("{}", await Http.GetStringAsync($"{Proxy}/artifacts?path={folder}/nowhere"));
    }

    [Fact]
    public async Task A_head_tells_without_sending()
    {
        await PutAsync("a.txt", [1, 2, 3]);

        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url("a.txt")));

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(3, head.Content.Headers.ContentLength);
        Assert.Equal("a.txt", head.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task Deleting_takes_a_file_or_a_folder_and_is_done_with_what_is_not_there()
    {
        await PutAsync("d/e/f", [1]);
        await PutAsync("d/g", [1]);

        foreach (var path in new[] { "d/g", "d/g", "d" })
        {
            using var deleted = await Http.DeleteAsync(Url(path));
            Assert.Equal("{}", await deleted.Content.ReadAsStringAsync());
        }

        using var get = await Http.GetAsync(Url("d/e/f"));
        await RefusedAsync(get, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_file_cannot_become_a_folder_nor_a_folder_a_file()
    {
        await PutAsync("a", [1]);
        await PutAsync("b/c", [2]);

        using var beneath = await Http.PutAsync(Url("a/b"), new ByteArrayContent([3]));
        using var over = await Http.PutAsync(Url("b"), new ByteArrayContent([3]));

        await RefusedAsync(beneath, HttpStatusCode.Conflict, "RESOURCE_CONFLICT");
        await RefusedAsync(over, HttpStatusCode.Conflict, "RESOURCE_CONFLICT");
        Assert.Equal([1], await Http.GetByteArrayAsync(Url("a")));
        Assert.Equal([2], await Http.GetByteArrayAsync(Url("b/c")));
    }

    [Fact]
    public async Task A_page_gets_one_range_and_more_are_refused()
    {
        var (run, uri) = await StartRunAsync();
        using var put = await Http.PutAsync(
            $"{Proxy}/artifacts/{uri}/digits",
            new ByteArrayContent("0123456789"u8.ToArray())
        );
        var digits = $"/get-artifact?run_id={run}&path=digits";

        using var part = await RangeAsync(digits, "bytes=2-4");
        using var many = await RangeAsync(digits, $"bytes=0-0{string.Concat(Enumerable.Repeat(",1-1", 1000))}");
        using var beyond = await RangeAsync(digits, "bytes=10-");
        using var nonsense = await RangeAsync(digits, "bytes=x-y");

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("234", await part.Content.ReadAsStringAsync());
        Assert.Equal("bytes 2-4/10", part.Content.Headers.ContentRange!.ToString());
        await RefusedAsync(many, HttpStatusCode.RequestedRangeNotSatisfiable, "INVALID_PARAMETER_VALUE");
        await RefusedAsync(beyond, HttpStatusCode.RequestedRangeNotSatisfiable, "INVALID_PARAMETER_VALUE");
        Assert.Equal("bytes */10", beyond.Content.Headers.ContentRange!.ToString());
        Assert.Equal("0123456789", await nonsense.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_asks_for_a_range_gets_the_whole()
    {
        await PutAsync("digits", "0123456789"u8.ToArray());

        using var whole = await RangeAsync(Url("digits"), "bytes=2-4");
        using var beyond = await RangeAsync(Url("digits"), "bytes=10-");
        using var many = await RangeAsync(Url("digits"), "bytes=0-0,1-1");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (whole.StatusCode, beyond.StatusCode));
        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync());
        await RefusedAsync(many, HttpStatusCode.RequestedRangeNotSatisfiable, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Deleting_what_another_machine_holds_does_nothing()
    {
        await PutAsync("x", [1]);

        using var deleted = await Http.DeleteAsync($"{Proxy}/artifacts/file:%2F%2Fx");
        using var climbing = await Http.DeleteAsync($"{Proxy}/artifacts/file:%2F%2F%2Fx");

        Assert.Equal("{}", await deleted.Content.ReadAsStringAsync());
        await RefusedAsync(climbing, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        Assert.Equal([1], await Http.GetByteArrayAsync(Url("x")));
    }

    [Fact]
    public async Task What_the_client_has_is_not_sent_again()
    {
        await PutAsync("digits", "0123456789"u8.ToArray());
        using var first = await Http.GetAsync(Url("digits"));
        var tag = first.Headers.ETag!;
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData("0123456789"u8))}\"", tag.Tag);

        using var same = new HttpRequestMessage(HttpMethod.Get, Url("digits"));
        same.Headers.IfNoneMatch.Add(tag);
        using var unchanged = await Http.SendAsync(same);
        using var stale = new HttpRequestMessage(HttpMethod.Get, Url("digits"));
        stale.Headers.Range = new RangeHeaderValue(2, 4);
        stale.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        using var whole = await Http.SendAsync(stale);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_run_lists_and_gives_out_what_was_stored_for_it()
    {
        var (run, uri) = await StartRunAsync();
        using var put = await Http.PutAsync($"{Proxy}/artifacts/{uri}/plots/a.png", new ByteArrayContent([1, 2]));

        var listing = await Http.GetFromJsonAsync<JsonElement>(
            $"/api/2.0/mlflow/artifacts/list?run_id={run}&path=plots"
        );

        Assert.Equal($"mlflow-artifacts:/{uri}", listing.GetProperty("root_uri").GetString());
        Assert.Equal("plots/a.png", listing.GetProperty("files")[0].GetProperty("path").GetString());
        foreach (var name in new[] { "run_id", "run_uuid" })
            Assert.Equal([1, 2], await Http.GetByteArrayAsync($"/get-artifact?{name}={run}&path=plots/a.png"));
    }

    [Fact]
    public async Task A_page_s_download_that_names_nothing_is_a_page_of_its_own()
    {
        using var nothing = await Http.GetAsync("/get-artifact");
        using var unknown = await Http.GetAsync("/get-artifact?run_id=nope&path=a");

        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        Assert.Equal("text/html", nothing.Content.Headers.ContentType!.MediaType);
        await RefusedAsync(unknown, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_page_uploads_small_files_that_are_not_empty()
    {
        const string upload = "/ajax-api/2.0/mlflow/upload-artifact";
        var (run, _) = await StartRunAsync();

        using var stored = await Http.PostAsync($"{upload}?run_uuid={run}&path=up/u.txt", new StringContent("up"));
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Empty(await stored.Content.ReadAsByteArrayAsync());
        Assert.Equal("up", await Http.GetStringAsync($"/get-artifact?run_id={run}&path=up/u.txt"));

        var large = new byte[10 * 1024 * 1024 + 1];
        foreach (
            var (query, body) in new (string, byte[])[]
            {
                ("path=u", [1]),
                ($"run_uuid={run}", [1]),
                ($"run_uuid={run}&path=../x", [1]),
                ($"run_uuid={run}&path=empty", []),
                ($"run_uuid={run}&path=large", large),
            }
        )
        {
            // Whoever waits to be asked for the body hears the refusal before it sends one.
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{upload}?{query}");
            request.Content = new ByteArrayContent(body);
            request.Headers.ExpectContinue = true;
            using var refused = await Http.SendAsync(request);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{query}: {(int)refused.StatusCode}");
        }
        using var chunked = new HttpRequestMessage(HttpMethod.Post, $"{upload}?run_uuid={run}&path=chunked");
        chunked.Content = new ByteArrayContent(large);
        chunked.Headers.TransferEncodingChunked = true;
        await RefusedMidwayAsync(chunked);
        var listing = await Http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/artifacts/list?run_id={run}");
        Assert.Equal(
            "up",
            Assert.Single(listing.GetProperty("files").EnumerateArray()).GetProperty("path").GetString()
        );
    }

    [Fact]
    public async Task A_logged_model_lists_and_gives_out_its_files()
    {
        using var made = await Http.PostAsJsonAsync(
            "/api/2.0/mlflow/logged-models",
            new { experiment_id = "0", name = "m" }
        );
        var model = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("model").GetProperty("info");
        var id = model.GetProperty("model_id").GetString();
        using var put = await Http.PutAsync(
            $"{Proxy}/artifacts/0/models/{id}/artifacts/MLmodel",
            new StringContent("flavors")
        );

        var listing = await Http.GetFromJsonAsync<JsonElement>(
            $"/api/2.0/mlflow/logged-models/{id}/artifacts/directories"
        );
        var file = await Http.GetStringAsync(
            $"/ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files?artifact_file_path=MLmodel"
        );

        Assert.Equal("MLmodel", listing.GetProperty("files")[0].GetProperty("path").GetString());
        Assert.Equal("flavors", file);
    }

    [Fact]
    public async Task Uploads_in_parts_are_not_there_on_a_folder_so_that_clients_fall_back()
    {
        using var begun = await Http.PostAsJsonAsync($"{Proxy}/mpu/create/{folder}", new { path = "x", num_parts = 2 });
        using var nameless = await Http.PostAsJsonAsync($"{Proxy}/mpu/create/{folder}", new { });
        using var completed = await Http.PostAsJsonAsync(
            $"{Proxy}/mpu/complete/{folder}",
            new
            {
                path = "x",
                upload_id = "u",
                parts = Array.Empty<int>(),
            }
        );
        using var aborted = await Http.PostAsJsonAsync(
            $"{Proxy}/mpu/abort/{folder}",
            new { path = "x", upload_id = "u" }
        );
        using var signed = await Http.GetAsync($"{Proxy}/presigned/{folder}/x");

        foreach (var answer in new[] { begun, completed, aborted, signed })
            await RefusedAsync(answer, HttpStatusCode.NotImplemented, "NOT_IMPLEMENTED");
        await RefusedAsync(nameless, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Of_many_who_write_the_same_name_at_once_one_is_kept_whole()
    {
        var contents = Enumerable.Range(1, 16).Select(i => Enumerable.Repeat((byte)i, 100_000 * i).ToArray()).ToList();

        await Task.WhenAll(contents.Select(bytes => PutAsync("contended", bytes)));

        var kept = await Http.GetByteArrayAsync(Url("contended"));
        Assert.Contains(contents, bytes => bytes.AsSpan().SequenceEqual(kept));
    }

    [Fact]
    public async Task A_large_file_goes_through_in_both_directions()
    {
        var bytes = RandomNumberGenerator.GetBytes(30 << 20);

        await PutAsync("large", bytes);

        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await Http.GetByteArrayAsync(Url("large"))));
    }

    /// <summary>By then the client is still sending, and may find the connection closed before it reads why.</summary>
    private async Task RefusedMidwayAsync(HttpRequestMessage request)
    {
        try
        {
            using var answer = await Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        catch (HttpRequestException e)
        {
            Assert.IsType<IOException>(e.InnerException);
        }
    }

    private string Url(string path) =>
        $"{Proxy}/artifacts/{folder}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    private async Task<HttpResponseMessage> PutAsync(string path, byte[] bytes)
    {
        var answer = await Http.PutAsync(Url(path), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private async Task<HttpResponseMessage> RangeAsync(string url, string range)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Range", range);
        return await Http.SendAsync(request);
    }

    private async Task<List<JsonElement>> FilesAsync(string path)
    {
        var listing = await Http.GetFromJsonAsync<JsonElement>($"{Proxy}/artifacts?path={folder}/{path}");
        return [.. listing.GetProperty("files").EnumerateArray()];
    }

    private async Task<(string Run, string Place)> StartRunAsync()
    {
        using var answer = await Http.PostAsJsonAsync("/api/2.0/mlflow/runs/create", new { experiment_id = "0" });
        var run = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetProperty("info");
        var uri = run.GetProperty("artifact_uri").GetString()!;
        return (run.GetProperty("run_id").GetString()!, uri["mlflow-artifacts:/".Length..]);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("error_code").GetString());
    }
}
