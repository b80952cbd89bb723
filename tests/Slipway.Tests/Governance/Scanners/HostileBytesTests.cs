using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Slipway.Governance;
using Slipway.Tests.Kit;
using static Slipway.Tests.Governance.Scanners.Protobuf;
using static Slipway.Tests.Governance.Scanners.Scanning;

namespace Slipway.Tests.Governance.Scanners;

/// <summary>Random bytes, and honest files with some bytes changed: the scan ends, soon, and never by a defect of its own.</summary>
public sealed class HostileBytesTests
{
    private static readonly string[] Names =
    [
        "m.pkl",
        "m.joblib",
        "m.pt",
        "m.npy",
        "m.zip",
        "m.tar",
        "m.onnx",
        "m.safetensors",
        "m.gguf",
        "m.h5",
        "m.json",
        "MLmodel",
        "saved_model.pb",
        "x",
        "m.tar.gz",
        "requirements.txt",
    ];

    private static readonly byte[] Payload = Bytes(
        "\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."
    );

    [Fact]
    public async Task Random_bytes_are_never_safe_and_never_stop_the_scan()
    {
        var random = new Random(20261);
        for (var i = 0; i < Seeds.Count(2_000, 200_000); i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            bytes[random.Next(bytes.Length)] = 0; // no text
            var name = Names[i % Names.Length];
            var report = await TimedAsync(name, bytes);
            Assert.True(
                report.Verdict != ScanVerdict.Safe || IsHarmlessPickle(report),
                $"{name} {Convert.ToHexString(bytes)}"
            );
        }
    }

    [Fact]
    public async Task Random_instructions_after_a_payload_never_make_it_safe()
    {
        var random = new Random(20262);
        for (var i = 0; i < Seeds.Count(2_000, 200_000); i++)
        {
            var tail = new byte[random.Next(0, 60)];
            random.NextBytes(tail);
            var report = await TimedAsync("m.pkl", [.. Payload, .. tail]);
            Assert.Equal(ScanVerdict.Unsafe, report.Verdict);
        }
    }

    [Fact]
    public async Task Changed_bytes_of_honest_files_end_in_a_verdict()
    {
        var random = new Random(20263);
        var honest = Honest();
        for (var i = 0; i < Seeds.Count(3_000, 300_000); i++)
        {
            var (name, bytes) = honest[i % honest.Length];
            var changed = bytes.ToArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                changed = changed[..random.Next(1, changed.Length)];
            await TimedAsync(name, changed);
        }
    }

    [Fact]
    public async Task A_payload_in_an_archive_is_never_safe_however_the_archive_is_damaged()
    {
        var random = new Random(20264);
        var archives = new[]
        {
            ("m.zip", Zip(("a.pkl", Payload))),
            ("m.tar", ArchiveScannerTests.Tar(TarEntryFormat.Pax, ("a.pkl", Payload))),
        };
        for (var i = 0; i < Seeds.Count(1_000, 100_000); i++)
        {
            var (name, bytes) = archives[i % archives.Length];
            var changed = bytes.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var report = await TimedAsync(name, changed);
            // A changed byte of the pickle itself may take its sting.
            if (report.Verdict == ScanVerdict.Safe)
                Assert.True(
                    changed.AsSpan().IndexOf("posix\x94\x8c\x06system"u8) < 0 && name == "m.tar",
                    Convert.ToHexString(changed)
                );
        }
    }

    private static async Task<ScanReport> TimedAsync(string name, byte[] bytes)
    {
        var clock = Stopwatch.StartNew();
        var report = await ScanAsync((name, bytes));
        Assert.True(
            clock.Elapsed < TimeSpan.FromSeconds(5),
            $"{name} took {clock.Elapsed}: {Convert.ToHexString(bytes)}"
        );
        Assert.DoesNotContain(report.Findings, f => f.Rule == "scan.failed");
        return report;
    }

    /// <summary>A few random bytes may well be a pickle of nothing, such as "N.".</summary>
    private static bool IsHarmlessPickle(ScanReport report) => report.Files[0].Format == "pickle";

    private static (string Name, byte[] Bytes)[] Honest() =>
        [
            ("m.pkl", Bytes("\x80\x04}\x94(\x8c\x01x\x94K\x01\x8c\x01y\x94]\x94(K\x01K\x02" + "eu.")),
            ("m.zip", Zip(("a.txt", "text"u8.ToArray()), ("b.json", "{}"u8.ToArray()))),
            ("m.tar", ArchiveScannerTests.Tar(TarEntryFormat.Pax, (new string('n', 120), "text"u8.ToArray()))),
            ("m.gz", Gzip("text"u8.ToArray())),
            (
                "m.onnx",
                Message(
                    Field(1, 8),
                    Field(7, Message(Field(1, Message(Field(4, "Relu"))))),
                    Field(8, Message(Field(2, 17)))
                )
            ),
            (
                "m.safetensors",
                [
                    .. BitConverter.GetBytes(54UL),
                    .. "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"u8,
                    .. new byte[8],
                ]
            ),
            (
                "m.h5",
                [
                    0x89,
                    .. "HDF\r\n\x1a\n"u8,
                    .. Encoding.UTF8.GetBytes("{\"class_name\": \"Dense\", \"config\": {}}"),
                    0,
                ]
            ),
            (
                "saved_model.pb",
                Message(Field(1, 1), Field(2, Message(Field(2, Message(Field(1, Message(Field(2, "Add"))))))))
            ),
            ("MLmodel", "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n"u8.ToArray()),
        ];
}
