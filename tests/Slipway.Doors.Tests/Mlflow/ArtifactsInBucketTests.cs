using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// Artifacts as MLflow's clients ask for them, in a bucket: there a client may send and fetch parts past the server,
/// through addresses that the server signed.
/// </summary>
public sealed class ArtifactsInBucketTests(S3Server s3) : IAsyncLifetime
{
    private const string Proxy = "/api/2.0/mlflow-artifacts";
    private const int PartBytes = 5 << 20; // the least that S3 takes, but for the last

    private readonly HttpClient direct = new();
    private SlipwayProcess server = null!;

    public async ValueTask InitializeAsync() =>
        server = await SlipwayProcess.StartAsync("--blobs", await s3.NewAddressAsync());

    public async ValueTask DisposeAsync()
    {
        direct.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("model/weights.bin")]
    [InlineData("größe/模型 1.txt")]
    [InlineData("empty")]
    public async Task What_is_stored_is_listed_fetched_and_removed(string path)
    {
        var bytes = path == "empty" ? [] : RandomNumberGenerator.GetBytes(300_000);
        using var put = await server.Http.PutAsync(Url(path), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        using var get = await server.Http.GetAsync(Url(path));
        Assert.Equal(bytes, await get.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", get.Headers.ETag!.Tag);
        var parent = path.Contains('/') ? $"0/{path[..path.IndexOf('/')]}" : "0";
        Assert.Contains(path[(path.LastIndexOf('/') + 1)..], await NamesAsync(parent));

        using var delete = await server.Http.DeleteAsync(Url(path));
        using var gone = await server.Http.GetAsync(Url(path));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (delete.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task A_client_sends_parts_past_the_server_and_they_become_one_file()
    {
        byte[][] parts = [RandomNumberGenerator.GetBytes(PartBytes), RandomNumberGenerator.GetBytes(1000)];
        var begun = await PostAsync("create", new { path = "/home/me/large.bin", num_parts = 2 });
        var upload = begun.GetProperty("upload_id").GetString();
        var sent = new List<object>();
        foreach (var credential in begun.GetProperty("credentials").EnumerateArray())
        {
            var number = credential.GetProperty("part_number").GetInt32();
            var url = credential.GetProperty("url").GetString();
            using var answer = await direct.PutAsync(url, new ByteArrayContent(parts[number - 1]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            sent.Add(new { part_number = number, etag = answer.Headers.ETag!.Tag });
        }
        Assert.Empty(await NamesAsync("0/model"));

        await PostAsync(
            "complete",
            new
            {
                path = "/home/me/large.bin",
                upload_id = upload,
                parts = sent,
            }
        );

        var whole = parts.SelectMany(part => part).ToArray();
        Assert.Equal(whole, await server.Http.GetByteArrayAsync(Url("model/large.bin")));
        var signed = await server.Http.GetFromJsonAsync<JsonElement>($"{Proxy}/presigned/0/model/large.bin");
        Assert.Equal(whole.Length, signed.GetProperty("file_size").GetInt64());
        Assert.Equal(whole, await direct.GetByteArrayAsync(signed.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing()
    {
        var begun = await PostAsync("create", new { path = "gone.bin", num_parts = 1 });
        var url = begun.GetProperty("credentials")[0].GetProperty("url").GetString();
        using var sent = await direct.PutAsync(url, new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        await PostAsync("abort", new { path = "gone.bin", upload_id = begun.GetProperty("upload_id").GetString() });

        using var late = await direct.PutAsync(url, new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.Empty(await NamesAsync("0/model"));
    }

    private static string Url(string path) =>
        $"{Proxy}/artifacts/0/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    private async Task<JsonElement> PostAsync(string step, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Proxy}/mpu/{step}/0/model", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{step}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<List<string?>> NamesAsync(string folder)
    {
        var listing = await server.Http.GetFromJsonAsync<JsonElement>(
            $"{Proxy}/artifacts?path={Uri.EscapeDataString(folder)}"
        );
        return listing.TryGetProperty("files", out var files)
            ? [.. files.EnumerateArray().Select(file => file.GetProperty("path").GetString())]
            : [];
    }
}
