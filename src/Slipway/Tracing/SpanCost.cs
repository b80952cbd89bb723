namespace Slipway.Tracing;

/// <summary>What a model call cost, as its instrumentation reckoned, and all calls of a trace together.</summary>
public sealed record SpanCost(double? Input, double? Output, double? Total)
{
    private const string InputKey = "input_cost";
    private const string OutputKey = "output_cost";
    private const string TotalKey = "total_cost";

    public static SpanCost? Of(Span span)
    {
        var value = span[TraceKeys.SpanCost];
        if (value is AnyValue.Text text)
            value = AnyValue.ParseJson(text.Value);
        return value is AnyValue.Map map
            ? new SpanCost(Amount(map[InputKey]), Amount(map[OutputKey]), Amount(map[TotalKey]))
            : null;
    }

    public AnyValue.Map ToValue() =>
        new([
            KeyValuePair.Create<string, AnyValue>(InputKey, new AnyValue.Number(Input ?? 0)),
            KeyValuePair.Create<string, AnyValue>(OutputKey, new AnyValue.Number(Output ?? 0)),
            KeyValuePair.Create<string, AnyValue>(TotalKey, new AnyValue.Number(Total ?? 0)),
        ]);

    private static double? Amount(AnyValue? value) =>
        value switch
        {
            AnyValue.Number number when double.IsFinite(number.Value) => number.Value,
            AnyValue.Whole whole => whole.Value,
            _ => null,
        };
}
