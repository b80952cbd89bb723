using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Sdk.Tracking;

public sealed class ArtifactsClientTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("model/weights.bin")]
    [InlineData("größe/模型 1 100%.txt")]
    [InlineData("a+b&c=d?e;f/'quoted'\"")]
    public async Task A_file_comes_back_as_it_was_stored_whatever_it_is_called(string path)
    {
        var artifacts = await NewAsync();
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var told = new Progress();
        await File.WriteAllBytesAsync(folder.At("in"), bytes);

        var stored = await artifacts.PutFileAsync(path, folder.At("in"), told);
        await artifacts.GetFileAsync(path, folder.At("out"));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Sha256);
        Assert.Equal((path, 300_000L), (stored.Path, stored.SizeBytes));
        Assert.Equal(new ArtifactProgress(path, 300_000, 300_000), told.Last);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.At("out")));
        Assert.Equal(path, Assert.Single(await AllAsync(artifacts)).Path);
    }

    [Fact]
    public async Task Folders_go_and_come_with_all_that_they_hold()
    {
        var artifacts = await NewAsync();
        foreach (var path in new[] { "MLmodel", "data/a.csv", "data/deep/b.csv" })
        {
            var file = folder.At($"in/{path}");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, path);
        }

        var stored = await artifacts.PutFolderAsync("model", folder.At("in"));
        var fetched = await artifacts.GetFolderAsync("model/data", folder.At("out"));

        Assert.Equal(
            ["model/MLmodel", "model/data/a.csv", "model/data/deep/b.csv"],
            stored.Select(file => file.Path).Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, fetched.Count);
        Assert.Equal("data/deep/b.csv", await File.ReadAllTextAsync(folder.At("out/deep/b.csv")));
        var list = await artifacts.ListAsync("model");
        Assert.Equal(
            ["model/MLmodel", "model/data"],
            list.Items.Select(item => item.Path).Order(StringComparer.Ordinal)
        );
        Assert.EndsWith("/artifacts", list.RootUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_unknown_length_is_stored_and_an_empty_one_too()
    {
        var artifacts = await NewAsync();

        var stored = await artifacts.PutAsync("unknown", new OneWay("streamed"u8.ToArray()));
        var empty = await artifacts.PutAsync("empty", new OneWay([]));

        Assert.Equal((8L, 0L), (stored.SizeBytes, empty.SizeBytes));
        Assert.Equal("streamed", await TextAsync(artifacts, "unknown"));
        Assert.Equal("", await TextAsync(artifacts, "empty"));
    }

    [Fact]
    public async Task A_run_that_is_worked_on_takes_files_and_deleting_is_done_with_what_is_not_there()
    {
        await using var run = await server.Client.StartRunAsync("files");
        await run.Artifacts.PutAsync("notes/a.txt", new MemoryStream("a"u8.ToArray()));

        await run.Artifacts.DeleteAsync("notes");
        await run.Artifacts.DeleteAsync("notes");

        Assert.Empty(await AllAsync(run.Artifacts));
        await run.FinishAsync();
    }

    [Fact]
    public async Task A_transfer_that_breaks_off_goes_on_from_where_it_was()
    {
        var artifacts = await NewAsync();
        var bytes = RandomNumberGenerator.GetBytes(2_000_000);
        await artifacts.PutAsync("large", new MemoryStream(bytes));
        using var handler = new Breaking(after: 700_000);
        await using var client = server.ClientWith(new SlipwayClientOptions { Handler = handler });

        await client.ArtifactsOfRun(RunOf(artifacts)).GetFileAsync("large", folder.At("out"));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.At("out")));
        Assert.Equal([null, "bytes=700000-"], handler.Ranges);
    }

    [Fact]
    public async Task Content_that_arrives_altered_is_refused_and_leaves_no_file()
    {
        var artifacts = await NewAsync();
        await artifacts.PutAsync("weights", new MemoryStream(new byte[1000]));
        using var handler = new Altering();
        await using var client = server.ClientWith(new SlipwayClientOptions { Handler = handler });

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            client.ArtifactsOfRun(RunOf(artifacts)).GetFileAsync("weights", folder.At("out"))
        );

        Assert.Equal("artifact.digest", fault.Code);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task What_is_not_there_or_climbs_is_refused_with_its_reason()
    {
        var artifacts = await NewAsync();

        var missing = await Assert.ThrowsAsync<Fault>(() => artifacts.GetAsync("nothing", Stream.Null));
        var climbing = await Assert.ThrowsAsync<Fault>(() => artifacts.PutAsync("a\\..\\b", Stream.Null));
        var unknown = await Assert.ThrowsAsync<Fault>(() =>
            server.Client.ArtifactsOfRun(RunsClient.NewId()).PutAsync("a", Stream.Null)
        );

        Assert.Equal("blob.not_found", missing.Code);
        Assert.Equal("blob.invalid_path", climbing.Code);
        Assert.Equal("run.not_found", unknown.Code);
    }

    private readonly Dictionary<ArtifactsClient, string> runs = [];

    private string RunOf(ArtifactsClient artifacts) => runs[artifacts];

    private async Task<ArtifactsClient> NewAsync()
    {
        var run = await server.Client.Runs.EnsureAsync(RunsClient.NewId(), new RunCreate { Experiment = "artifacts" });
        var artifacts = server.Client.ArtifactsOfRun(run.Id);
        runs[artifacts] = run.Id;
        return artifacts;
    }

    private static async Task<List<ArtifactResource>> AllAsync(ArtifactsClient artifacts)
    {
        var all = new List<ArtifactResource>();
        await foreach (var item in artifacts.WalkAsync())
            all.Add(item);
        return all;
    }

    private static async Task<string> TextAsync(ArtifactsClient artifacts, string path)
    {
        using var target = new MemoryStream();
        await artifacts.GetAsync(path, target);
        return Encoding.UTF8.GetString(target.ToArray());
    }

    private sealed class Progress : IProgress<ArtifactProgress>
    {
        public ArtifactProgress? Last { get; private set; }

        public void Report(ArtifactProgress value) => Last = value;
    }

    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>Breaks the first download off after some bytes, and keeps the ranges asked for.</summary>
    private sealed class Breaking(int after) : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<string?> Ranges { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Ranges.Add(request.Headers.Range?.ToString());
            if (Ranges.Count == 1)
                answer.Content = await ReplacedAsync(
                    answer,
                    bytes => new BreakingStream(bytes[..after]),
                    cancellationToken
                );
            return answer;
        }
    }

    private sealed class Altering() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var answer = await base.SendAsync(request, cancellationToken);
            answer.Content = await ReplacedAsync(
                answer,
                bytes =>
                {
                    bytes[500] ^= 1;
                    return new MemoryStream(bytes);
                },
                cancellationToken
            );
            return answer;
        }
    }

    private static async Task<HttpContent> ReplacedAsync(
        HttpResponseMessage answer,
        Func<byte[], Stream> content,
        CancellationToken cancellation
    )
    {
        var length = answer.Content.Headers.ContentLength;
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        var replaced = new StreamContent(content(bytes));
        replaced.Headers.ContentLength = length;
        return replaced;
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "cut off");
        }
    }
}
