using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// Attacks A01, A02 and A04 to A11: whoever asks, and however it is spelled, nothing outside of the store is read,
/// written or removed, and nothing inside by those who may not.
/// </summary>
public sealed class ArtifactAttackTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    private const string Proxy = "/api/2.0/mlflow-artifacts/artifacts/";
    private static readonly string[] Names = ["anonymous", "viewer", "stranger", "owner"];

    public static TheoryData<string> Climbs =>
        [
            "../",
            "%2e%2e%2f",
            "%2e%2e/",
            "..%2f",
            "%252e%252e%252f",
            "%252e%252e/",
            "%25252e%25252e%25252f",
            "..\\",
            "..%5c",
            "%2e%2e%5c",
            "..%255c",
            "..;/",
            "..%3b/",
            "....//",
            "..%00/",
            "%c0%ae%c0%ae/",
            "%c0%ae%c0%ae%c0%af",
            "%e0%80%ae%e0%80%ae/",
            "%ef%bc%8e%ef%bc%8e/",
            "%e2%80%a5/",
            "..%ef%bc%8f",
            "./../",
        ];

    [Theory]
    [MemberData(nameof(Climbs))]
    public async Task No_spelling_climbs_out_of_the_store(string up)
    {
        var before = Snapshot();
        var climb = string.Concat(Enumerable.Repeat(up, 12));
        var target = server.Outside.At(GuardedServer.CanaryFile).TrimStart('/');
        foreach (
            var prefix in new[] { "", $"{server.ExperimentId}/", $"{server.ExperimentId}/{server.RunId}/artifacts/" }
        )
        foreach (var method in new[] { "GET", "HEAD", "PUT", "DELETE" })
        foreach (var name in Names)
        {
            var answer = await SendAsync(name, method, $"{Proxy}{prefix}{climb}{target}", "evil");
            await RefusedAsync(name, answer, $"{method} {up}");
        }
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [MemberData(nameof(Climbs))]
    public async Task No_spelling_of_a_path_in_a_query_climbs_either(string up)
    {
        var before = Snapshot();
        var path =
            string.Concat(Enumerable.Repeat(up, 12)) + server.Outside.At(GuardedServer.CanaryFile).TrimStart('/');
        foreach (
            var (method, url) in new[]
            {
                ("GET", $"/api/2.0/mlflow-artifacts/artifacts?path={path}"),
                ("GET", $"/api/2.0/mlflow/artifacts/list?run_id={server.RunId}&path={path}"),
                ("GET", $"/get-artifact?run_id={server.RunId}&path={path}"),
                ("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={server.RunId}&path={path}"),
                ("POST", $"/api/2.0/mlflow-artifacts/mpu/create/{path}"),
                ("GET", $"/api/2.0/mlflow-artifacts/presigned/{path}"),
            }
        )
        foreach (var name in Names)
        {
            var body = url.Contains("/mpu/", StringComparison.Ordinal) ? "{\"path\":\"x\",\"num_parts\":1}" : "evil";
            await RefusedAsync(name, await SendAsync(name, method, url, body), $"{method} {url}");
        }
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("C:%5Cx")]
    [InlineData("C:/x")]
    [InlineData("file:%2F%2Fx%2Fy")]
    [InlineData("file:%2Fetc%2Fpasswd")]
    [InlineData("s3:%2F%2Fbucket%2Fx")]
    [InlineData("http:%2F%2F127.0.0.1%2Fx")]
    [InlineData("%5C%5Chost%5Cshare")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("%2e")]
    [InlineData("a/%2e/b")]
    [InlineData("a/..")]
    [InlineData("a%2F%2Fb")]
    [InlineData("a%00.txt")]
    [InlineData("a%0d%0aSet-Cookie:%20a=b")]
    [InlineData("CON")]
    [InlineData("name.")]
    [InlineData("name%20")]
    [InlineData("invoice%E2%80%AEgpj.exe")]
    [InlineData("a%23b")]
    [InlineData("%ff")]
    [InlineData("%ed%a0%80")]
    [InlineData(".slipway/uploads/x")]
    public async Task A_name_that_means_another_place_is_refused_to_everybody(string path)
    {
        var before = Snapshot();
        foreach (var method in new[] { "GET", "HEAD", "PUT", "DELETE" })
        foreach (var name in Names)
            await RefusedAsync(name, await SendAsync(name, method, Proxy + path, "evil"), $"{method} {path}");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_name_of_five_thousand_characters_is_refused()
    {
        var answer = await SendAsync("owner", "PUT", $"{Proxy}{server.ExperimentId}/{new string('n', 5000)}", "x");

        Assert.Equal(400, Assert.Single(answer.Statuses));
    }

    [Theory]
    [InlineData("file:///")]
    [InlineData("../../x")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("\\\\host\\share")]
    [InlineData("s3://bucket/x")]
    public async Task A_location_elsewhere_is_kept_as_text_and_never_opened(string location)
    {
        using var made = await server.Owner.PostAsJsonAsync(
            "/api/2.0/mlflow/experiments/create",
            new { name = $"elsewhere {location}", artifact_location = location }
        );
        if (made.StatusCode == HttpStatusCode.Forbidden)
            return; // a person without a place in the workspace makes no experiments
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("experiment_id").GetString();
        using var started = await server.Owner.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = id }
        );
        var run = (await started.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("run")
            .GetProperty("info")
            .GetProperty("run_id")
            .GetString();
        foreach (
            var url in new[]
            {
                $"/get-artifact?run_id={run}&path=etc/passwd",
                $"/api/2.0/mlflow/artifacts/list?run_id={run}&path=etc",
                $"/api/2.0/mlflow/artifacts/list?run_id={run}",
            }
        )
        {
            using var answer = await server.Owner.GetAsync(url);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        using var upload = await server.Owner.PostAsync(
            $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=x",
            new StringContent("evil")
        );
        Assert.Equal(HttpStatusCode.BadRequest, upload.StatusCode);
    }

    [Fact]
    public async Task Links_planted_in_the_store_are_not_followed()
    {
        await PutAsync("real.txt", "real");
        var artifacts = Path.Combine(server.Process.DataPath, "blobs", server.ExperimentId, server.RunId, "artifacts");
        File.CreateSymbolicLink(Path.Combine(artifacts, "soft"), server.Outside.At(GuardedServer.CanaryFile));
        File.CreateSymbolicLink(Path.Combine(artifacts, "away"), server.Outside.Path);
        using (
            var link = Process.Start(
                "ln",
                [server.Outside.At(GuardedServer.CanaryFile), Path.Combine(artifacts, "hard")]
            )
        )
            await link.WaitForExitAsync();

        foreach (var path in new[] { "soft", "hard", $"away/{GuardedServer.CanaryFile}" })
        foreach (var url in new[] { $"/get-artifact?run_id={server.RunId}&path={path}", Url(path) })
        {
            using var answer = await server.Owner.GetAsync(url);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain(server.Canary, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var write = await server.Owner.PutAsync(
            Url($"away/{GuardedServer.CanaryFile}"),
            new StringContent("evil")
        );
        using var remove = await server.Owner.DeleteAsync(Url($"away/{GuardedServer.CanaryFile}"));
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, remove.StatusCode);
        Assert.Equal(server.Canary, await File.ReadAllTextAsync(server.Outside.At(GuardedServer.CanaryFile)));
        foreach (var planted in new[] { "soft", "away", "hard" })
            File.Delete(Path.Combine(artifacts, planted));
    }

    [Fact]
    public async Task Somebody_else_s_artifacts_are_refused_like_those_that_do_not_exist()
    {
        await PutAsync("secret.txt", "secret");
        foreach (
            var url in new[]
            {
                $"/api/2.0/mlflow/artifacts/list?run_id={server.RunId}",
                $"/get-artifact?run_id={server.RunId}&path=secret.txt",
                Url("secret.txt"),
                $"/api/2.0/mlflow-artifacts/artifacts?path={server.ExperimentId}",
            }
        )
        {
            using var stranger = await server.People["stranger"].GetAsync(url);
            using var viewer = await server.People["viewer"].GetAsync(url);
            using var anonymous = await server.People["anonymous"].GetAsync(url);

            Assert.True(stranger.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, url);
            Assert.DoesNotContain("secret", await stranger.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        }
        foreach (var wild in new[] { "%25", "*", "%2A", $"{server.RunId[..31]}_" })
        {
            using var answer = await server.Owner.GetAsync($"/api/2.0/mlflow/artifacts/list?run_id={wild}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_reader_neither_writes_nor_deletes_nor_uploads_in_parts()
    {
        await PutAsync("kept.txt", "kept");
        var viewer = server.People["viewer"];
        var part = new
        {
            path = "kept.txt",
            upload_id = "u",
            num_parts = 1,
        };
        var place = $"{server.ExperimentId}/{server.RunId}/artifacts";

        using var put = await viewer.PutAsync(Url("kept.txt"), new StringContent("evil"));
        using var delete = await viewer.DeleteAsync(Url("kept.txt"));
        using var begin = await viewer.PostAsJsonAsync($"/api/2.0/mlflow-artifacts/mpu/create/{place}", part);
        using var complete = await viewer.PostAsJsonAsync($"/api/2.0/mlflow-artifacts/mpu/complete/{place}", part);
        using var abort = await viewer.PostAsJsonAsync($"/api/2.0/mlflow-artifacts/mpu/abort/{place}", part);
        using var page = await viewer.PostAsync(
            $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={server.RunId}&path=kept.txt",
            new StringContent("evil")
        );

        foreach (var answer in new[] { put, delete, begin, complete, abort, page })
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("kept", await server.Owner.GetStringAsync(Url("kept.txt")));
    }

    [Fact]
    public async Task Ten_thousand_ranges_cost_nothing()
    {
        await PutAsync("digits", new string('7', 1_000_000));
        var ranges = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"{i}-{i}"));
        var overlapping = string.Join(',', Enumerable.Repeat("0-999999", 3000));

        foreach (var header in new[] { ranges, overlapping })
        {
            var answer = await RawHttp.SendAsync(
                server.Process.Address,
                $"GET {Url("digits")} HTTP/1.1\r\nHost: localhost\r\n{GuardedServer.Header("owner")}Range: bytes={header}\r\nConnection: close\r\n\r\n"
            );
            Assert.True(Assert.Single(answer.Statuses) is 416 or 431, answer.Text[..100]);
        }
    }

    [Fact]
    public async Task A_compressed_upload_is_kept_as_it_came()
    {
        var bomb = Bomb();
        using var content = new ByteArrayContent(bomb);
        content.Headers.ContentEncoding.Add("gzip");

        using var put = await server.Owner.PutAsync(Url("bomb.gz"), content);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(bomb, await server.Owner.GetByteArrayAsync(Url("bomb.gz")));
    }

    private string Url(string path) => $"{Proxy}{server.ExperimentId}/{server.RunId}/artifacts/{path}";

    private async Task PutAsync(string path, string text)
    {
        using var answer = await server.Owner.PutAsync(Url(path), new StringContent(text));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<RawAnswer> SendAsync(string name, string method, string target, string body)
    {
        var hasBody = method is "PUT" or "POST";
        var type = target.Contains("/mpu/", StringComparison.Ordinal) ? "Content-Type: application/json\r\n" : "";
        return RawHttp.SendAsync(
            server.Process.Address,
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{GuardedServer.Header(name)}{type}"
                + (
                    hasBody
                        ? $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"
                        : "Connection: close\r\n\r\n"
                )
        );
    }

    /// <summary>R1 and R4: a 4xx without anything of what was asked for, and a server that still answers.</summary>
    private async Task RefusedAsync(string name, RawAnswer answer, string what)
    {
        var status = Assert.Single(answer.Statuses);
        var expected = name == "anonymous" ? status is 401 or 400 or 308 : status is 400 or 308;
        Assert.True(expected, $"{what} as {name}: {answer.Text}");
        Assert.DoesNotContain(server.Canary, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Process.DataPath, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer.Text, StringComparison.Ordinal);
        if (status == 400 && name != "anonymous" && answer.Text.Contains("\r\n\r\n{", StringComparison.Ordinal))
            Assert.Contains("\"error_code\":\"INVALID_PARAMETER_VALUE\"", answer.Text, StringComparison.Ordinal);
        using var health = await server.People["anonymous"].GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    /// <summary>R2: everything outside that an attack could have touched, and the blobs inside.</summary>
    private List<string> Snapshot()
    {
        var blobs = Path.Combine(server.Process.DataPath, "blobs");
        var inside = Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*", SearchOption.AllDirectories) : [];
        return
        [
            .. inside
                .Concat(Directory.GetFiles(server.Outside.Path))
                .Select(file => $"{file} {File.ReadAllText(file)}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (
            var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize)
        )
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 100; i++)
                gzip.Write(zeros);
        }
        return packed.ToArray();
    }
}
