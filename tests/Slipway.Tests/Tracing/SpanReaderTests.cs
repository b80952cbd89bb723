using FsCheck;
using FsCheck.Fluent;
using Slipway.Foundation.Basics;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracing;

namespace Slipway.Tests.Tracing;

public sealed class SpanReaderTests
{
    [Fact]
    public void A_span_that_is_written_is_read_back_the_same() =>
        Prop.ForAll(Samples.Spans.ToArbitrary(), span => Described(SpanReader.Read(Written(span))) == Described(span))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Seeds.Count(300, 20_000)));

    [Fact]
    public void Damaged_bytes_are_a_fault_or_another_span_and_nothing_else() =>
        Prop.ForAll(
                Samples.Spans.ToArbitrary(),
                Gen.Choose(0, int.MaxValue).Two().ToArbitrary(),
                (span, damage) =>
                {
                    var bytes = Written(span);
                    bytes[damage.Item1 % bytes.Length] = (byte)damage.Item2;
                    return IsReadOrRefused(bytes) && IsReadOrRefused(bytes[..(damage.Item2 % bytes.Length)]);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Seeds.Count(1000, 100_000)));

    [Fact]
    public void Values_nested_without_end_are_refused()
    {
        byte[] value = [8, 1];
        for (var i = 0; i < 10_000; i++)
        {
            var list = new ProtobufWriter();
            list.Bytes(1, value);
            var outer = new ProtobufWriter();
            outer.Bytes(5, list.Written);
            value = outer.Written.ToArray();
        }
        var attribute = new ProtobufWriter();
        attribute.Text(1, "deep");
        attribute.Bytes(2, value);
        var span = new ProtobufWriter();
        span.Bytes(9, attribute.Written);
        Assert.Equal("span.too_deep", Assert.Throws<Fault>(() => SpanReader.Read(span.Written)).Code);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(0)]
    public void A_trace_id_of_another_length_is_refused(int length)
    {
        var span = new ProtobufWriter();
        span.Bytes(1, new byte[length]);
        span.Bytes(2, new byte[8]);
        Assert.Equal("span.id", Assert.Throws<Fault>(() => SpanReader.Read(span.Written)).Code);
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over()
    {
        var writer = new ProtobufWriter();
        writer.Varint(99, 5);
        writer.Fixed64(98, 5);
        writer.Text(97, "new");
        SpanWriter.Write(writer, Samples.FullSpan());
        Assert.Equal(Described(Samples.FullSpan()), Described(SpanReader.Read(writer.Written)));
    }

    [Fact]
    public void A_value_that_is_written_as_text_is_read_back_by_what_it_means() =>
        Prop.ForAll(
                Samples.Values.ToArbitrary(),
                value =>
                    value.ToString().Contains("NaN", StringComparison.Ordinal)
                    || (AnyValue.ParseJson(value.ToString()) ?? AnyValue.Absent.Instance).ToString() == value.ToString()
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Seeds.Count(500, 20_000)));

    private static byte[] Written(Span span)
    {
        var writer = new ProtobufWriter();
        SpanWriter.Write(writer, span);
        return writer.Written.ToArray();
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            SpanReader.Read(bytes);
            return true;
        }
        catch (Fault fault)
        {
            return fault.Kind == FaultKind.Invalid;
        }
    }

    private static string Described(Span span) =>
        string.Join(
            '|',
            SpanJson.Write(span),
            span.Kind,
            span.Flags,
            span.TraceState,
            string.Join(
                ',',
                span.Links.Select(l =>
                    $"{Convert.ToHexString(l.OtelTraceId.Span)} {Convert.ToHexString(l.SpanId.Span)} {l.TraceState} {new AnyValue.Map(l.Attributes)}"
                )
            )
        );
}
