using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Blobs;

public sealed class BlobPathTests
{
    private static readonly string[] Refused =
    [
        "",
        ".",
        "..",
        "/",
        "/etc/passwd",
        "//etc/passwd",
        "../x",
        "a/..",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "..\\..\\x",
        "..;/x",
        "a/..;v=1/b",
        ";/x",
        "....//....//x",
        "...",
        ". ./x",
        ".. /x",
        "a\0.txt",
        "a\r\nSet-Cookie: a=b",
        "a\u007F",
        "a\u0085b",
        "invoice\u202Egpj.exe",
        "C:",
        "C:\\x",
        "C:x",
        "c:/x",
        "file:/x",
        "file:x",
        "file://x",
        "FILE:etc",
        "s3:/x",
        "http://host/x",
        "mlflow-artifacts:/1/x",
        "a#b",
        "CON",
        "a/nul",
        "LPT1/x",
        "a./b",
        "a /b",
        "name.",
        "name ",
        "．．/x",
        "‥/x",
        "a／b",
        "a∕b",
        "a＼b",
        "\uD800",
        "a\uFEFFb",
        ".slipway/uploads/x",
    ];

    public static TheoryData<string> RefusedPaths() => [.. Refused];

    [Theory]
    [MemberData(nameof(RefusedPaths))]
    public void A_path_that_could_lead_astray_is_refused(string path)
    {
        var fault = Assert.Throws<Fault>(() => BlobPath.Parse(path));

        Assert.Equal((FaultKind.Invalid, "blob.invalid_path"), (fault.Kind, fault.Code));
        Assert.StartsWith("Invalid path", fault.Message);
    }

    [Theory]
    [MemberData(nameof(RefusedPaths))]
    public void It_is_refused_under_any_number_of_encodings(string path)
    {
        if (path.Length == 0 || path.Any(char.IsSurrogate))
            return;
        for (var level = 1; level <= 12; level++)
        {
            path = string.Concat(Encoding.UTF8.GetBytes(path).Select(b => $"%{b:x2}"));
            if (path.Length > 200_000)
                return;
            Assert.Throws<Fault>(() => BlobPath.Parse(path));
        }
    }

    [Theory]
    [InlineData("%c0%ae%c0%ae/x")]
    [InlineData("%c0%ae%c0%ae%c0%afx")]
    [InlineData("%e0%80%ae/x")]
    [InlineData("a%ff")]
    [InlineData("%252525252525252525252525252e")]
    public void What_does_not_decode_to_text_in_a_few_rounds_is_refused(string path) =>
        Assert.Throws<Fault>(() => BlobPath.Parse(path));

    [Theory]
    [InlineData("a")]
    [InlineData("1/2c3/artifacts/model/MLmodel")]
    [InlineData("sp ace é.txt")]
    [InlineData(".hidden/.file")]
    [InlineData("a..b/..c/d..e")]
    [InlineData("a;b/c")]
    [InlineData("12:30/step:5.png")]
    [InlineData("100%")]
    [InlineData("50%25 off")]
    [InlineData("conv/aux.json")]
    [InlineData("a?b=c&d+e")]
    [InlineData("日本語/👩‍🚀")]
    [InlineData("images/dog+step+20+timestamp+100+compressed.webp")]
    public void An_honest_name_is_taken_as_it_is(string path) => Assert.Equal(path, BlobPath.Parse(path).Value);

    [Fact]
    public void Names_have_the_length_a_disk_and_a_bucket_can_take()
    {
        var longest = string.Join('/', Enumerable.Repeat(new string('n', 255), 3));

        Assert.Equal(longest, BlobPath.Parse(longest).Value);
        Assert.Throws<Fault>(() => BlobPath.Parse(new string('n', 256)));
        Assert.Throws<Fault>(() => BlobPath.Parse(new string('é', 128)));
        Assert.Throws<Fault>(() => BlobPath.Parse(new string('n', 5000)));
        Assert.Throws<Fault>(() => BlobPath.Parse(string.Join('/', Enumerable.Repeat("ab", 400))));
    }

    [Fact]
    public void A_folder_may_be_the_root_and_end_in_a_slash()
    {
        Assert.True(BlobPath.ParseFolder("").IsRoot);
        Assert.True(BlobPath.ParseFolder(null).IsRoot);
        Assert.Equal("a/b", BlobPath.ParseFolder("a/b/").Value);
        Assert.Throws<Fault>(() => BlobPath.ParseFolder("/"));
        Assert.Throws<Fault>(() => BlobPath.ParseFolder("a//"));
    }

    [Fact]
    public void A_folder_contains_what_lies_beneath_it_and_not_its_neighbours()
    {
        var folder = BlobPath.Parse("1/run");

        Assert.True(folder.Contains(BlobPath.Parse("1/run")));
        Assert.True(folder.Contains(BlobPath.Parse("1/run/a/b")));
        Assert.False(folder.Contains(BlobPath.Parse("1/runner")));
        Assert.False(folder.Contains(BlobPath.Parse("1")));
        Assert.True(BlobPath.Root.Contains(folder));
        Assert.Equal("1/run/x/y", folder.Append("x/y").Value);
        Assert.Throws<Fault>(() => folder.Append("../other"));
        Assert.Throws<Fault>(() => folder.Append(""));
    }

    [Fact]
    public void Whatever_is_accepted_stays_inside_any_folder()
    {
        var pieces = Gen.Elements(
            "a",
            "..",
            ".",
            "/",
            "\\",
            "%2e",
            "%2F",
            "%5c",
            "%25",
            "2e",
            "%00",
            ";",
            ":",
            "C",
            " ",
            "é",
            "．",
            "%c0%ae",
            "~",
            "#",
            "?"
        );
        var paths = pieces.ListOf().Select(list => string.Concat(list));

        Prop.ForAll(
                Gen.OneOf(paths, ArbMap.Default.GeneratorFor<string>().Where(s => s is not null)).ToArbitrary(),
                text => BlobPath.TryParse(text) is not { } path || StaysInside(path.Value)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void What_is_accepted_is_accepted_again()
    {
        Prop.ForAll(
                ArbMap.Default.GeneratorFor<string>().Where(s => s is not null).ToArbitrary(),
                text =>
                    BlobPath.TryParse(text) is not { } path
                    || path == BlobPath.Parse(path.Value) && path.Value == string.Join('/', path.Segments)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    /// <summary>As a file system sees it, at every level of decoding.</summary>
    private static bool StaysInside(string path)
    {
        for (var level = 0; level < 10; level++)
        {
            var full = Path.GetFullPath(Path.Combine("/store", path.Replace('\\', '/')));
            if (!full.StartsWith("/store/", StringComparison.Ordinal) || path.Contains('\0') || path.Contains('\\'))
                return false;
            path = Uri.UnescapeDataString(path);
        }
        return true;
    }
}
