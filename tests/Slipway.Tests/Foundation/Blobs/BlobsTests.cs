using System.Security.Cryptography;
using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Blobs;

/// <summary>What every store of blobs promises; each kind of store runs all of it.</summary>
public abstract class BlobsTests
{
    protected abstract IBlobs Store { get; }

    [Fact]
    public async Task What_was_stored_is_read_back_with_its_digest()
    {
        var bytes = Bytes(100_000);

        var stored = await PutAsync("1/run/artifacts/model.bin", bytes);

        Assert.Equal(100_000, stored.SizeBytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Sha256);
        await using var content = await Store.OpenAsync(stored.Path);
        Assert.Equal(bytes, await ReadAsync(content));
        Assert.Equal(stored.Sha256, content.Blob.Sha256);
        Assert.Equal((0, 100_000), (content.Offset, content.LengthBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(256 * 1024 + 1)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(21 * 1024 * 1024 + 7)]
    public async Task Blobs_of_any_size_come_back_whole(int size)
    {
        var bytes = Bytes(size);

        var stored = await PutAsync("sizes/blob", bytes);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Sha256);
        Assert.Equal(bytes, await ReadAsync("sizes/blob"));
        var found = await Store.FindAsync(stored.Path);
        Assert.Equal((size, stored.Sha256), ((int)found!.SizeBytes, found.Sha256));
    }

    [Theory]
    [InlineData(0L, 0L, "0")]
    [InlineData(3L, 5L, "345")]
    [InlineData(7L, null, "789")]
    [InlineData(7L, 500L, "789")]
    [InlineData(null, 2L, "89")]
    [InlineData(null, 500L, "0123456789")]
    public async Task A_range_gives_the_bytes_it_names(long? first, long? last, string expected)
    {
        await PutAsync("digits", "0123456789");

        await using var content = await Store.OpenAsync(BlobPath.Parse("digits"), new ByteRange(first, last));

        Assert.Equal(expected, Encoding.ASCII.GetString(await ReadAsync(content)));
        Assert.Equal(expected.Length, content.LengthBytes);
        Assert.Equal(10, content.Blob.SizeBytes);
        Assert.Equal("0123456789".IndexOf(expected, StringComparison.Ordinal), content.Offset);
    }

    [Theory]
    [InlineData(10L, null)]
    [InlineData(12L, 15L)]
    [InlineData(null, 0L)]
    public async Task A_range_without_a_byte_of_the_blob_is_refused(long? first, long? last)
    {
        await PutAsync("digits", "0123456789");

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            Store.OpenAsync(BlobPath.Parse("digits"), new ByteRange(first, last))
        );

        Assert.Equal("blob.range", fault.Code);
    }

    [Fact]
    public async Task Storing_again_replaces_the_content()
    {
        await PutAsync("a/b", "first");
        await PutAsync("a/b", "second");

        Assert.Equal("second", Encoding.ASCII.GetString(await ReadAsync("a/b")));
        Assert.Single(await ListAsync("a"));
    }

    [Fact]
    public async Task A_reader_keeps_what_it_opened_when_the_blob_is_replaced_or_deleted()
    {
        await PutAsync("a", "before");
        await using var content = await Store.OpenAsync(BlobPath.Parse("a"));

        await PutAsync("a", "after!");
        await Store.DeleteAsync(BlobPath.Parse("a"));

        Assert.Equal("before", Encoding.ASCII.GetString(await ReadAsync(content)));
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        await PutAsync("folder/blob", "x");

        Assert.Null(await Store.FindAsync(BlobPath.Parse("nothing")));
        Assert.Null(await Store.FindAsync(BlobPath.Parse("folder")));
        Assert.Null(await Store.FindAsync(BlobPath.Parse("folder/blob/below")));
        foreach (var path in new[] { "nothing", "folder", "folder/blob/below", "no/such/folder" })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() => Store.OpenAsync(BlobPath.Parse(path)));
            Assert.Equal((FaultKind.NotFound, "blob.not_found"), (fault.Kind, fault.Code));
        }
    }

    [Fact]
    public async Task A_listing_shows_one_level_with_sizes_in_order()
    {
        await PutAsync("exp/b.txt", "12");
        await PutAsync("exp/a-file", "1");
        await PutAsync("exp/a/deep/leaf", "123");
        await PutAsync("exp/a/leaf", "1");
        await PutAsync("exp/é ü/\U0001F600", "1");
        await PutAsync("expelled", "1");

        Assert.Equal(
            ["exp/a-file 1", "exp/a/", "exp/b.txt 2", "exp/é ü/"],
            from entry in await ListAsync("exp")
            select Line(entry)
        );
        Assert.Equal(["exp/a/deep/", "exp/a/leaf 1"], from entry in await ListAsync("exp/a") select Line(entry));
        Assert.Equal(["exp/", "expelled 1"], from entry in await ListAsync("") select Line(entry));
        Assert.Empty(await ListAsync("nowhere"));
        Assert.Empty(await ListAsync("exp/b.txt"));
    }

    [Fact]
    public async Task A_walk_visits_every_blob_beneath_in_order()
    {
        string[] paths = ["w/a", "w/a-b", "w/b/c", "w/b/d/e", "w/z", "w2/outside"];
        foreach (var path in paths.Reverse())
            await PutAsync(path, path);

        var all = new List<string>();
        await foreach (var entry in Store.WalkAsync(BlobPath.Parse("w")))
            all.Add(Line(entry));

        Assert.Equal(["w/a 3", "w/a-b 5", "w/b/c 5", "w/b/d/e 7", "w/z 3"], all);
    }

    [Fact]
    public async Task Many_blobs_are_all_listed()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), async (i, _) => await PutAsync($"many/{i:0000}", "x"));

        Assert.Equal(
            Enumerable.Range(0, 1100).Select(i => $"many/{i:0000} 1"),
            from entry in await ListAsync("many")
            select Line(entry)
        );
        Assert.True(await Store.DeleteAsync(BlobPath.Parse("many")));
        Assert.Empty(await ListAsync("many"));
    }

    [Fact]
    public async Task Deleting_takes_one_blob_or_a_whole_folder_and_nothing_beside_it()
    {
        await PutAsync("d/one", "1");
        await PutAsync("d/more/two", "2");
        await PutAsync("d/more/deep/three", "3");
        await PutAsync("d/more-kept", "4");

        Assert.True(await Store.DeleteAsync(BlobPath.Parse("d/one")));
        Assert.True(await Store.DeleteAsync(BlobPath.Parse("d/more")));

        Assert.False(await Store.DeleteAsync(BlobPath.Parse("d/one")));
        Assert.False(await Store.DeleteAsync(BlobPath.Parse("d/more")));
        Assert.False(await Store.DeleteAsync(BlobPath.Parse("d/more/two")));
        Assert.Equal(["d/more-kept 1"], from entry in await ListAsync("d") select Line(entry));
    }

    [Fact]
    public async Task A_folder_is_gone_with_its_last_blob()
    {
        await PutAsync("f/g/h", "x");

        await Store.DeleteAsync(BlobPath.Parse("f/g/h"));

        Assert.DoesNotContain(await ListAsync(""), entry => entry.Path.Value == "f");
        await PutAsync("f", "now a file");
        Assert.Equal(10, (await Store.FindAsync(BlobPath.Parse("f")))!.SizeBytes);
    }

    [Fact]
    public async Task Deleting_the_root_empties_the_store()
    {
        await PutAsync("x/y", "1");
        await PutAsync("z", "2");

        Assert.True(await Store.DeleteAsync(BlobPath.Root));

        Assert.Empty(await ListAsync(""));
        Assert.False(await Store.DeleteAsync(BlobPath.Root));
        await PutAsync("x", "usable again");
    }

    [Fact]
    public async Task A_file_cannot_become_a_folder_nor_a_folder_a_file()
    {
        await PutAsync("c/file", "file");
        await PutAsync("c/folder/inside", "inside");

        var beneath = await Assert.ThrowsAsync<Fault>(() => PutAsync("c/file/below/it", "x"));
        var over = await Assert.ThrowsAsync<Fault>(() => PutAsync("c/folder", "x"));

        Assert.Equal((FaultKind.Conflict, "blob.is_file"), (beneath.Kind, beneath.Code));
        Assert.Equal((FaultKind.Conflict, "blob.is_folder"), (over.Kind, over.Code));
        Assert.Equal("file", Encoding.ASCII.GetString(await ReadAsync("c/file")));
        Assert.Equal("inside", Encoding.ASCII.GetString(await ReadAsync("c/folder/inside")));
    }

    [Fact]
    public async Task Names_that_differ_in_case_alone_are_two_blobs()
    {
        await PutAsync("case/Model.bin", "upper");
        await PutAsync("case/model.bin", "lower");

        Assert.Equal("upper", Encoding.ASCII.GetString(await ReadAsync("case/Model.bin")));
        Assert.Equal("lower", Encoding.ASCII.GetString(await ReadAsync("case/model.bin")));
    }

    [Theory]
    [InlineData("n/sp ace é.txt")]
    [InlineData("n/日本語/データ.csv")]
    [InlineData("n/100%.txt")]
    [InlineData("n/a%20b.txt")]
    [InlineData("n/a+b&c=d?e.txt")]
    [InlineData("n/12:30:00 'quoted' \"twice\".log")]
    [InlineData("n/\U0001F680.bin")]
    public async Task Any_allowed_name_is_kept_as_it_was_given(string name)
    {
        await PutAsync(name, "named");

        Assert.Equal("named", Encoding.ASCII.GetString(await ReadAsync(name)));
        Assert.Contains(
            await ListAsync("n"),
            entry => entry.Path.Value == name || BlobPath.Parse(name).Segments[1] == entry.Path.Name
        );
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_keeps_what_was_there()
    {
        await PutAsync("kept", "old content");
        await using var breaking = new BreakingStream(Bytes(300_000), breakAfter: 200_000);
        await using var breakingLarge = new BreakingStream(Bytes(20_000_000), breakAfter: 19_000_000);

        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(BlobPath.Parse("kept"), breaking));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(BlobPath.Parse("fresh/large"), breakingLarge));

        Assert.Equal("old content", Encoding.ASCII.GetString(await ReadAsync("kept")));
        Assert.Null(await Store.FindAsync(BlobPath.Parse("fresh/large")));
        Assert.Empty(await ListAsync("fresh"));
        Assert.Equal(0, await Store.SweepAsync());
    }

    [Fact]
    public async Task Readers_see_one_content_or_the_other_while_writers_replace_it()
    {
        var contents = Enumerable.Range(0, 4).Select(i => Bytes(300_000 + i * 1000, seed: i)).ToList();
        await PutAsync("raced", contents[0]);

        var writers = Enumerable
            .Range(0, 4)
            .Select(async i =>
            {
                for (var n = 0; n < 10; n++)
                    await PutAsync("raced", contents[i]);
            });
        var readers = Enumerable
            .Range(0, 4)
            .Select(async _ =>
            {
                for (var n = 0; n < 10; n++)
                {
                    var seen = await ReadAsync("raced");
                    Assert.Contains(contents, content => content.AsSpan().SequenceEqual(seen));
                }
            });

        await Task.WhenAll(writers.Concat(readers));
    }

    [Fact]
    public async Task Storing_and_deleting_in_one_folder_at_once_loses_nothing()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 64),
            async (i, cancellation) =>
            {
                await PutAsync($"busy/folder/{i}", "x");
                if (i % 2 == 0)
                    await Store.DeleteAsync(BlobPath.Parse($"busy/folder/{i}"), cancellation);
            }
        );

        Assert.Equal(32, (await ListAsync("busy/folder")).Count);
    }

    protected static byte[] Bytes(int size, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected Task<Blob> PutAsync(string path, string text) => PutAsync(path, Encoding.ASCII.GetBytes(text));

    protected Task<Blob> PutAsync(string path, byte[] bytes) =>
        Store.PutAsync(BlobPath.Parse(path), new MemoryStream(bytes));

    protected async Task<byte[]> ReadAsync(string path)
    {
        await using var content = await Store.OpenAsync(BlobPath.Parse(path));
        return await ReadAsync(content);
    }

    protected static async Task<byte[]> ReadAsync(BlobContent content)
    {
        using var copy = new MemoryStream();
        await content.Stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    protected async Task<List<BlobEntry>> ListAsync(string folder)
    {
        var entries = new List<BlobEntry>();
        await foreach (var entry in Store.ListAsync(BlobPath.ParseFolder(folder)))
            entries.Add(entry);
        return entries;
    }

    private static string Line(BlobEntry entry) =>
        entry.IsFolder ? $"{entry.Path}/" : $"{entry.Path} {entry.SizeBytes}";

    /// <summary>A body whose client goes away in the middle.</summary>
    private sealed class BreakingStream(byte[] bytes, int breakAfter) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < breakAfter
                ? base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breakAfter - Position)], cancellationToken)
                : throw new IOException("The client is gone.");
    }
}
