using System.IO.Compression;
using Slipway.Governance;
using static Slipway.Tests.Governance.Scanners.Scanning;

namespace Slipway.Tests.Governance.Scanners;

public sealed class PickleScannerTests
{
    private const string System = "cposix\nsystem\n(S'id'\ntR.";

    /// <summary>Pickles that run something, each in another way of saying it.</summary>
    public static TheoryData<string, string> Payloads =>
        new()
        {
            { "a line of protocol 0", System },
            { "protocol 2", "\x80\x02" + System },
            { "an instance of the oldest kind", "(S'id'\niposix\nsystem\n." },
            { "an object of the old kind", "(cposix\nsystem\nS'id'\no." },
            { "a name from the stack", "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R." },
            {
                "a name from the memo",
                "\x80\x04\x8c\x05posix\x94\x8c\x06system\x94" + "00h\0h\x01\x93\x8c\x02id\x85R."
            },
            {
                "a name put into the memo at a chosen place",
                "\x80\x04\x8c\x05posixq\x07\x8c\x06systemr\x08\0\0\0" + "00h\aj\x08\0\0\0\x93\x8c\x02id\x85R."
            },
            { "a frame around it", "\x80\x04\x95\x18\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R." },
            { "a new object", "\x80\x02" + "csubprocess\nPopen\nU\x02id\x85\x81." },
            { "a new object with names", "\x80\x04" + "csubprocess\nPopen\n)}\x92." },
            { "a second pickle in the file", "N." + System },
            { "a break behind it", System[..^1] + "\xff\xff" },
            { "no end", System[..^1] },
            { "garbage behind the end", System + "garbage" },
            { "eval", "c__builtin__\neval\n(S'1'\ntR." },
            { "a name resolved later", "cpkgutil\nresolve_name\n(S'os:system'\ntR." },
            { "an installer", "cpip\nmain\n(lp0\ntR." },
            { "an attribute of what is allowed", "\x80\x04\x8c\x05numpy\x8c\x0f" + "dtype.__class__\x93." },
            { "operator", "coperator\nattrgetter\n(S'system'\ntR." },
            { "partial", "cfunctools\npartial\n(tR." },
            { "a function of cloudpickle", "ccloudpickle.cloudpickle\n_make_function\n(tR." },
            { "a code object", "ctypes\nCodeType\n(tR." },
            { "a helper that runs a program", "cuuid\n_get_command_stdout\n(S'id'\ntR." },
            { "a pager", "c_pyrepl.pager\npipe_pager\n(S''\nS'id'\ntR." },
            { "a class of somebody", "c__main__\nModel\n)\x81." },
            { "what a call returned, called", "ccollections\nOrderedDict\n)R)R." },
            { "a class that is changed", "ccollections\nOrderedDict\n}(U\x01xU\x01yub." },
            { "a registered extension", "\x80\x02\x82\x01." },
            { "a module that an estimator's library merely imports", "csklearn.utils\nParallel\n(tR." },
            { "a file read by the old form of joblib", "cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81." },
        };

    public static TheoryData<string, string> Harmless =>
        new()
        {
            { "nothing", "N." },
            { "a dictionary", "\x80\x04\x95\x11\0\0\0\0\0\0\0}\x94(\x8c\x01" + "a\x94K\x01\x8c\x01\x62\x94K\x02u." },
            { "an ordered dictionary", "\x80\x02" + "ccollections\nOrderedDict\n)Rq\0." },
            { "a set", "c__builtin__\nset\n((I1\nI2\nltR." },
            { "a text with an old escape", "S'a\\'b'\n." },
            {
                "an estimator",
                "\x80\x04\x8c\x1esklearn.linear_model._logistic\x8c\x12LogisticRegression\x93)\x81}\x8c\x01\x43G\x3f\xf0\0\0\0\0\0\0sb."
            },
            { "several pickles", "N.\x80\x02K\x01.I5\n." },
        };

    [Theory, MemberData(nameof(Payloads))]
    public async Task A_pickle_that_would_run_something_is_unsafe_under_any_name(string _, string pickle)
    {
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("model.pkl", Bytes(pickle)));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("weights.bin", Bytes(pickle)));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("data/model", Zip(("a/data.pkl", Bytes(pickle)))));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("model.joblib", Gzip(Bytes(pickle))));
    }

    [Theory, MemberData(nameof(Harmless))]
    public async Task A_pickle_that_only_rebuilds_values_is_safe(string _, string pickle)
    {
        var report = await ScanAsync(("model.pkl", Bytes(pickle)));
        Assert.Empty(report.Findings);
        Assert.Equal(ScanVerdict.Safe, report.Verdict);
        Assert.Equal("pickle", report.Files[0].Format);
    }

    [Fact]
    public async Task Each_global_that_is_not_allowed_is_named()
    {
        var report = await ScanAsync(("m.pkl", Bytes("(cposix\nsystem\ncnowhere.at\nAll\nt.")));
        Assert.Contains(report.Findings, f => f.Message.Contains("posix.system"));
        Assert.Contains(report.Findings, f => f.Message.Contains("nowhere.at.All"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("requirements.txt")]
    [InlineData("input_example.json")]
    [InlineData("MLmodel")]
    public async Task A_text_that_is_a_pickle_as_well_is_unsafe(string name) =>
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync(name, Bytes(System)));

    [Theory]
    [InlineData("labels.txt", "cat\ndog\nbird\n")]
    [InlineData("notes.txt", "inside\nthe\nhouse.")]
    [InlineData("a.csv", "Name,Age\nAnn,3\n")]
    [InlineData("vocab.txt", "(the\na)\nof.")]
    public async Task A_text_whose_letters_happen_to_be_instructions_is_safe(string name, string text) =>
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync(name, Bytes(text)));

    [Fact]
    public async Task A_pickle_behind_a_mark_or_padding_is_never_safe()
    {
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("m.pkl", [0xEF, 0xBB, 0xBF, .. Bytes(System)]));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("m.bin", [.. new byte[1 << 20], .. Bytes(System)]));
    }

    [Fact]
    public async Task The_older_form_of_torch_ends_in_bare_numbers()
    {
        const string Mark = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
        const string Tensor = "\x80\x02" + "ctorch._utils\n_rebuild_tensor_v2\n(U\x01\x30QK\0tR.";
        var file = Mark + "\x80\x02M\xe9\x03.\x80\x02}." + Tensor + "\x80\x02]U\x01\x30" + "a.";
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("m.pt", [.. Bytes(file), .. new byte[64]]));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.pt", [.. Bytes(file), .. Bytes("\x80\x02" + System)]));
    }

    [Fact]
    public async Task An_array_of_joblib_is_passed_over_and_still_read_as_a_plain_unpickler_would()
    {
        var numbers = Bytes(JoblibArray(16)).Concat(new byte[16]).Append((byte)'.').ToArray();
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("m.joblib", numbers));
        const string Hidden = "cposix\nsystem\n(S'id'\ntR.";
        var hiding = Bytes(JoblibArray(Hidden.Length) + Hidden + ".");
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.joblib", hiding));
    }

    [Fact]
    public async Task What_joblib_compresses_is_scanned()
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(Bytes(System));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.joblib", compressed.ToArray()));
    }

    [Fact]
    public async Task A_pickle_that_announces_more_than_it_has_costs_nothing()
    {
        foreach (
            var claim in (string[])
                [
                    "T\xff\xff\xff\xff",
                    "\x8e\xff\xff\xff\xff\xff\xff\xff\xff",
                    "\x95\xff\xff\xff\x7f\0\0\0\0N",
                    "\x8b\xff\xff\xff\x7f",
                ]
        )
            Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.pkl", Bytes("\x80\x04" + claim + ".")));
    }

    [Fact]
    public async Task A_pickle_that_fills_the_stack_or_the_memo_reaches_a_bound()
    {
        var limits = ScanLimits.Default with { PickleValues = 1000 };
        foreach (var filler in (string[])["N", "(", "K\x01\x94"])
        {
            var report = await ScanAsync(
                limits,
                ("m.pkl", Bytes(string.Concat(Enumerable.Repeat(filler, 2000)) + "."))
            );
            Assert.Equal(ScanVerdict.Unsafe, report.Verdict);
        }
    }

    /// <summary>What joblib writes in front of the bytes of an array of so many bytes.</summary>
    private static string JoblibArray(int length) =>
        "\x80\x03"
        + "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
        + "X\x05\0\0\0shapeK"
        + (char)length
        + "\x85"
        + "X\x05\0\0\0dtypecnumpy\ndtype\nX\x02\0\0\0u1K\0K\x01\x87R(K\x03X\x01\0\0\0|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
        + "ub";
}
