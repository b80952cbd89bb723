namespace Slipway.Tracing;

/// <summary>What a model call cost, as its instrumentation reckoned.</summary>
public sealed record SpanCost(double? Input, double? Output, double? Total)
{
    public static SpanCost? Of(Span span)
    {
        var value = span[TraceKeys.SpanCost];
        if (value is AnyValue.Text text)
            value = AnyValue.ParseJson(text.Value);
        return value is AnyValue.Map map
            ? new SpanCost(Amount(map["input_cost"]), Amount(map["output_cost"]), Amount(map["total_cost"]))
            : null;
    }

    private static double? Amount(AnyValue? value) =>
        value switch
        {
            AnyValue.Number number when double.IsFinite(number.Value) => number.Value,
            AnyValue.Whole whole => whole.Value,
            _ => null,
        };
}
