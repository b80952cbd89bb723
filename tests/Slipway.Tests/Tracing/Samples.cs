using FsCheck;
using FsCheck.Fluent;
using Slipway.Tracing;

namespace Slipway.Tests.Tracing;

/// <summary>Spans and values to try things on.</summary>
internal static class Samples
{
    public static Gen<AnyValue> Values { get; } = Gen.Sized(ValuesOf);

    public static Gen<Span> Spans { get; } =
        from id in Gen.Choose(0, 255).ArrayOf(8)
        from parent in Gen.OneOf(Gen.Constant(Array.Empty<int>()), Gen.Choose(1, 255).ArrayOf(8))
        from name in Texts()
        from status in Gen.Elements(Enum.GetValues<SpanStatus>())
        from message in Texts()
        from times in Gen.Choose(0, int.MaxValue).Two()
        from attributes in Entries(3)
        from inner in Entries(2)
        from state in Texts()
        select new Span
        {
            OtelTraceId = Bytes([.. id, .. id]),
            Id = Bytes(id),
            ParentId = Bytes(parent),
            Name = name,
            Status = status,
            StatusMessage = message,
            StartNs = times.Item1,
            EndNs = times.Item2,
            Kind = id[0] % 6,
            Flags = (uint)id[1],
            TraceState = state,
            Attributes = attributes,
            Events = [new SpanEvent(name, times.Item2, inner)],
            Links = [new SpanLink(Bytes([.. id, .. id]), Bytes(id), state, inner)],
        };

    public static Span FullSpan() =>
        new()
        {
            OtelTraceId = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray(),
            Id = Enumerable.Range(1, 8).Select(i => (byte)i).ToArray(),
            Name = "naïve \0 \U0001F600",
            TraceState = "vendor=1",
            Flags = 257,
            Kind = 3,
            StartNs = 1_700_000_000_123_456_789,
            EndNs = 1_700_000_001_123_456_789,
            Status = SpanStatus.Error,
            StatusMessage = "no \"luck\"",
            Attributes =
            [
                KeyValuePair.Create<string, AnyValue>("text", new AnyValue.Text("a\nb")),
                KeyValuePair.Create<string, AnyValue>("yes", new AnyValue.Flag(true)),
                KeyValuePair.Create<string, AnyValue>("whole", new AnyValue.Whole(-9007199254740993)),
                KeyValuePair.Create<string, AnyValue>("number", new AnyValue.Number(0.1)),
                KeyValuePair.Create<string, AnyValue>("bytes", new AnyValue.Bytes(new byte[] { 0, 255 })),
                KeyValuePair.Create<string, AnyValue>("none", AnyValue.Absent.Instance),
                KeyValuePair.Create<string, AnyValue>(
                    "nested",
                    new AnyValue.Map([
                        KeyValuePair.Create<string, AnyValue>("list", new AnyValue.Items([new AnyValue.Whole(1)])),
                        KeyValuePair.Create<string, AnyValue>("empty", new AnyValue.Items([])),
                    ])
                ),
            ],
            Events =
            [
                new SpanEvent("spoke", 7, [KeyValuePair.Create<string, AnyValue>("foo", new AnyValue.Text("bar"))]),
            ],
            Links = [new SpanLink(new byte[16], new byte[8], "s=1", [])],
        };

    private static Gen<string> Texts() => Gen.Elements("", "a", "é\"\\\n", "\U0001F600", "x y", "\0");

    private static Gen<List<KeyValuePair<string, AnyValue>>> Entries(int count) =>
        Texts()
            .Zip(Values)
            .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))
            .ListOf(count)
            .Select(l => l.ToList());

    private static Gen<AnyValue> ValuesOf(int size)
    {
        var scalars = Gen.OneOf(
            Texts().Select(AnyValue (t) => new AnyValue.Text(t)),
            Gen.Elements(true, false).Select(AnyValue (f) => new AnyValue.Flag(f)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(AnyValue (n) => new AnyValue.Whole(n * 4294967296L + n)),
            Gen.Elements(0.5, -1e300, 5, double.NaN).Select(AnyValue (n) => new AnyValue.Number(n)),
            Gen.Constant<AnyValue>(AnyValue.Absent.Instance)
        );
        if (size < 2)
            return scalars;
        var inner = ValuesOf(size / 3);
        return Gen.OneOf(
            scalars,
            inner.ListOf(2).Select(AnyValue (list) => new AnyValue.Items([.. list])),
            Texts()
                .Zip(inner)
                .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))
                .ListOf(2)
                .Select(AnyValue (list) => new AnyValue.Map([.. list]))
        );
    }

    private static byte[] Bytes(int[] values) => [.. values.Select(v => (byte)v)];
}
