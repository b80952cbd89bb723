using System.Formats.Tar;
using System.Text;
using Slipway.Governance;
using static Slipway.Tests.Governance.Scanners.Scanning;

namespace Slipway.Tests.Governance.Scanners;

public sealed class ArchiveScannerTests
{
    private static readonly byte[] Text = "a text"u8.ToArray();

    [Theory]
    [InlineData("../x.txt")]
    [InlineData("/x.txt")]
    [InlineData("C:\\x.txt")]
    [InlineData("..\\x.txt")]
    [InlineData("a/../../x.txt")]
    [InlineData("a/..\\x.txt")]
    [InlineData("%2e%2e/x.txt")]
    public async Task A_member_that_leads_out_of_the_folder_makes_an_archive_unsafe(string name)
    {
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", Zip((name, Text))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", Tar(TarEntryFormat.Pax, (name, Text))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", Tar(TarEntryFormat.Gnu, (name, Text))));
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task An_honest_archive_is_as_safe_as_its_members(TarEntryFormat format)
    {
        var payload = Bytes("cposix\nsystem\n(S'id'\ntR.");
        var name = $"{new string('d', 60)}/{new string('e', 60)}/a.txt";
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.tar", Tar(format, (name, Text), ("b.txt", Text))));
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.tar.gz", Gzip(Tar(format, (name, Text)))));
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.zip", Zip((name, Text), ("b.txt", Text))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", Tar(format, (name, Text), ("b.txt", payload))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", Zip((name, Text), ("b.txt", payload))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", Zip(("inner.bin", Zip(("b.txt", payload))))));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    public async Task A_tar_with_anything_but_files_and_folders_is_unsafe(TarEntryType type)
    {
        var file = new MemoryStream();
        using (var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
        {
            var entry = new PaxTarEntry(type, "x");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                entry.LinkName = "/etc/passwd";
            tar.WriteEntry(entry);
        }
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", file.ToArray()));
    }

    [Fact]
    public async Task A_tar_with_a_bit_that_changes_the_user_or_a_lying_size_is_unsafe()
    {
        var file = new MemoryStream();
        using (var tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true))
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, "x") { Mode = UnixFileMode.SetUser | UnixFileMode.UserRead }
            );
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", file.ToArray()));
        var large = Tar(TarEntryFormat.Ustar, ("x", Text));
        Encoding.ASCII.GetBytes("77777777777\0").CopyTo(large, 124);
        Resum(large);
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", large));
    }

    [Fact]
    public async Task A_bomb_stops_at_its_bound()
    {
        var zeros = new byte[64 << 20];
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("a.zip", Zip(("zeros.txt", zeros))));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("a.gz", Gzip(zeros)));
        var nested = Zip(("a.txt", Text));
        for (var i = 0; i < 10; i++)
            nested = Zip(("a.zip", nested));
        Assert.Equal(ScanVerdict.Unscannable, await VerdictAsync("a.zip", nested));
        var limits = ScanLimits.Default with { Members = 10 };
        var many = Zip([.. Enumerable.Range(0, 11).Select(i => ($"{i}.txt", Text))]);
        Assert.Equal(ScanVerdict.Unscannable, (await ScanAsync(limits, ("a.zip", many))).Verdict);
    }

    [Fact]
    public async Task A_member_that_is_there_twice_is_two_files_to_two_readers()
    {
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", Zip(("a.txt", Text), ("a.txt", Text))));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("a.tar", Tar(TarEntryFormat.Pax, ("a.txt", Text), ("a.txt", Text)))
        );
    }

    [Fact]
    public async Task Two_headers_of_a_zip_have_to_agree()
    {
        var honest = Zip(("a.txt", Text));
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.zip", honest));
        var directory = honest.AsSpan().IndexOf("PK\x01\x02"u8);
        foreach (var (at, value) in new[] { (8, 1), (10, 99), (16, 5), (20, 5), (24, 5), (46, 'b'), (42, 3) })
        {
            var lying = honest.ToArray();
            lying[directory + at] = (byte)value;
            Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("a.zip", lying));
        }
        foreach (var (at, value) in new[] { (6, 1), (8, 12), (30, 'b'), (33, 0), (40, 9) })
        {
            var lying = honest.ToArray();
            lying[at] = (byte)value;
            Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("a.zip", lying));
        }
    }

    [Fact]
    public async Task An_encrypted_member_cannot_be_told()
    {
        var zip = Zip(("a.txt", Text));
        zip[6] |= 1;
        zip[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        Assert.Equal(ScanVerdict.Unscannable, await VerdictAsync("a.zip", zip));
    }

    [Fact]
    public async Task Bytes_before_between_or_behind_the_members_are_a_finding()
    {
        var zip = Zip(("a.txt", Text));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", [.. zip, .. zip]));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.zip", [.. zip, 1, 2, 3]));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.txt", [.. "a text in front"u8, .. zip]));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.tar", [.. Tar(TarEntryFormat.Ustar, ("a", Text)), 1]));
        var pickle = Bytes("N.");
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.pkl", [.. pickle, .. zip]));
    }

    [Theory]
    [InlineData("7z\xBC\xAF\x27\x1Cxxxx")]
    [InlineData("\xFD7zXZ\0xxxx")]
    [InlineData("BZh91AY")]
    [InlineData("\x28\xB5\x2F\xFDxxx")]
    [InlineData("Rar!\x1A\a\0")]
    public async Task What_the_scan_cannot_unpack_it_cannot_call_safe(string head) =>
        Assert.Equal(ScanVerdict.Unscannable, await VerdictAsync("model.bin", Bytes(head)));

    [Fact]
    public async Task A_model_of_torch_is_read_member_by_member()
    {
        var tensor = Bytes("\x80\x02" + "ctorch._utils\n_rebuild_tensor_v2\n(U\x01\x30QK\0tR.");
        Assert.Equal(
            ScanVerdict.Safe,
            await VerdictAsync(
                "m.pt",
                Zip(("m/data.pkl", tensor), ("m/data/0", [1, 2, 3, 250]), ("m/version", "3\n"u8.ToArray()))
            )
        );
        var payload = Bytes("\x80\x02" + "cposix\nsystem\n(S'id'\ntR.");
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.pt", Zip(("m/data.pkl", payload), ("m/data/0", [1]))));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("m.pt", Zip(("m/data.pkl", tensor), ("m/data/0", payload)))
        );
    }

    internal static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Bytes)[] members)
    {
        var file = new MemoryStream();
        using (var tar = new TarWriter(file, format, leaveOpen: true))
        {
            foreach (var (name, bytes) in members)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(bytes);
                tar.WriteEntry(entry);
            }
        }
        return file.ToArray();
    }

    /// <summary>Makes the checksum of the first header right again.</summary>
    private static void Resum(byte[] tar)
    {
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = tar.Take(512).Sum(b => b);
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(tar, 148);
    }
}
