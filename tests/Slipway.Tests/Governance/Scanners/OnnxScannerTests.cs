using System.Diagnostics;
using Slipway.Governance;
using static Slipway.Tests.Governance.Scanners.Protobuf;
using static Slipway.Tests.Governance.Scanners.Scanning;

namespace Slipway.Tests.Governance.Scanners;

public sealed class OnnxScannerTests
{
    private static readonly byte[] Operators = Field(8, Message(Field(1, ""), Field(2, 17)));

    [Fact]
    public async Task A_graph_of_known_operators_is_safe()
    {
        var report = await ScanAsync(("m.onnx", Model(Node("MatMul"), Tensor(Field(9, new byte[16]), 2, 2))));
        Assert.Empty(report.Findings);
        Assert.Equal("onnx", report.Files[0].Format);
    }

    [Theory]
    [InlineData("../canary")]
    [InlineData("a/../../canary")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    [InlineData("")]
    [InlineData("missing.data")]
    public async Task A_tensor_outside_the_model_is_unsafe_wherever_it_hides(string location)
    {
        var tensor = Field(14, 1).Concat(External(("location", location))).ToArray();
        var sparse = Field(22, Message(Field(1, tensor)));
        foreach (
            var model in new[]
            {
                Model(Field(5, tensor)),
                Model(Field(1, Message(Field(4, "Constant"), Field(5, Message(Field(5, tensor)))))),
                Model(Field(1, Message(Field(4, "If"), Field(5, Message(Field(6, Field(5, tensor))))))),
                Model(Field(1, Message(Field(4, "Constant"), Field(5, sparse)))),
                Message(
                    Model(Node("Relu")),
                    Field(
                        25,
                        Message(
                            Field(1, "f"),
                            Field(10, "own"),
                            Field(7, Message(Field(4, "Constant"), Field(5, Field(5, tensor))))
                        )
                    )
                ),
                Message(Model(Node("Relu")), Field(20, Field(1, Field(5, tensor)))),
            }
        )
            Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", model));
    }

    [Theory]
    [InlineData("0", "64", ScanVerdict.Safe)]
    [InlineData("32", "32", ScanVerdict.Safe)]
    [InlineData("32", "33", ScanVerdict.Unsafe)]
    [InlineData("-1", "8", ScanVerdict.Unsafe)]
    [InlineData("9223372036854775807", "1", ScanVerdict.Unsafe)]
    [InlineData("0", "99999999999999999999", ScanVerdict.Unsafe)]
    public async Task A_tensor_beside_the_model_has_to_lie_inside_its_file(
        string offset,
        string length,
        ScanVerdict verdict
    )
    {
        var tensor = Field(14, 1)
            .Concat(External(("location", "m.data"), ("offset", offset), ("length", length)))
            .ToArray();
        var report = await ScanAsync(
            ("sub/m.onnx", Model(Field(5, tensor))),
            ("sub/m.data", [.. Enumerable.Repeat((byte)0xFE, 64)])
        );
        Assert.Equal(verdict, report.Verdict);
    }

    [Theory]
    [InlineData("ai.onnx.contrib")]
    [InlineData("com.microsoft.extensions")]
    [InlineData("my.ops")]
    public async Task Operators_that_need_a_library_are_unsafe(string domain)
    {
        var node = Field(1, Message(Field(4, "Op"), Field(7, domain)));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", Model(node)));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("m.onnx", Message(Model(Node("Relu")), Field(8, Message(Field(1, domain)))))
        );
    }

    [Theory]
    [InlineData("ep.context", "x")]
    [InlineData("session.execution_provider", "CUDA")]
    [InlineData("notes", "/tmp/evil.so")]
    public async Task Properties_that_ask_for_a_library_are_unsafe(string key, string value) =>
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync(
                "m.onnx",
                Message(Model(Node("Relu")), Field(14, Message(Field(1, key), Field(2, value))))
            )
        );

    [Fact]
    public async Task Functions_in_a_circle_and_compiled_contexts_are_unsafe()
    {
        byte[] Function(string name, string calls) =>
            Field(25, Message(Field(1, name), Field(10, "own"), Field(7, Message(Field(4, calls), Field(7, "own")))));
        Assert.Equal(ScanVerdict.Safe, await VerdictAsync("m.onnx", Message(Model(Node("Relu")), Function("f", "g"))));
        Assert.Equal(
            ScanVerdict.Unsafe,
            await VerdictAsync("m.onnx", Message(Model(Node("Relu")), Function("f", "g"), Function("g", "f")))
        );
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", Model(Node("EPContext"))));
    }

    [Fact]
    public async Task Claims_beyond_the_file_are_refused_at_once()
    {
        var clock = Stopwatch.StartNew();
        var huge = Message(Operators, [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]);
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", huge));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", Model(Tensor([], 1_000_000, 1_000_000))));
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("m.onnx", Model(Tensor([], 1L << 62, 1L << 62, 1L << 62))));
        var nested = Node("Relu");
        for (var i = 0; i < 2000; i++)
            nested = Field(1, Message(Field(4, "If"), Field(5, Message(Field(6, nested)))));
        Assert.Equal(ScanVerdict.Unscannable, await VerdictAsync("m.onnx", Model(nested)));
        Assert.True(clock.ElapsedMilliseconds < 5000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData("PK\x03\x04xxxxxxxx")]
    [InlineData("<html><body></body></html>")]
    [InlineData("\x7F" + "ELF\x02\x01\x01\0\0\0")]
    public async Task Another_kind_of_file_under_the_name_of_a_model_is_unsafe(string head) =>
        Assert.Equal(ScanVerdict.Unsafe, await VerdictAsync("model.onnx", Bytes(head)));

    private static byte[] Model(params byte[][] graph) => Message(Field(1, 8), Field(7, Message(graph)), Operators);

    private static byte[] Node(string type) => Field(1, Message(Field(4, type)));

    private static byte[] Tensor(byte[] content, params long[] shape) =>
        Field(5, Message([.. shape.Select(d => Field(1, (ulong)d)), Field(2, 1), content]));

    private static byte[] External(params (string Key, string Value)[] entries) =>
        Message([.. entries.Select(e => Field(13, Message(Field(1, e.Key), Field(2, e.Value))))]);
}
