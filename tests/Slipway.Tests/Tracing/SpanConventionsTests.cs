using Slipway.Tracing;

namespace Slipway.Tests.Tracing;

public sealed class SpanConventionsTests
{
    [Theory]
    [InlineData("openinference.span.kind", "RETRIEVER", "RETRIEVER")]
    [InlineData("gen_ai.operation.name", "chat", "CHAT_MODEL")]
    [InlineData("traceloop.span.kind", "workflow", "WORKFLOW")]
    [InlineData("ai.operationId", "ai.embedMany", "EMBEDDING")]
    [InlineData("span.type", "memory", "MEMORY")]
    [InlineData("lmnr.span.type", "CACHED", "LLM")]
    [InlineData("langfuse.observation.type", "generation", "LLM")]
    [InlineData("gen_ai.operation.name", "llm_call", null)]
    [InlineData("openinference.span.kind", "something", null)]
    public void The_kind_of_work_is_known_by_each_convention(string key, string kind, string? type) =>
        Assert.Equal(type, Complete((key, new AnyValue.Text(kind))).Text(TraceKeys.SpanType));

    [Fact]
    public void A_type_that_says_nothing_gives_way_and_one_that_says_something_stays()
    {
        var kind = ("openinference.span.kind", (AnyValue)new AnyValue.Text("TOOL"));
        Assert.Equal(
            "TOOL",
            Complete((TraceKeys.SpanType, new AnyValue.Text("UNKNOWN")), kind).Text(TraceKeys.SpanType)
        );
        Assert.Equal(
            "AGENT",
            Complete((TraceKeys.SpanType, new AnyValue.Text("AGENT")), kind).Text(TraceKeys.SpanType)
        );
    }

    [Theory]
    [InlineData("input.value", "output.value")]
    [InlineData("gen_ai.input.messages", "gen_ai.output.messages")]
    [InlineData("traceloop.entity.input", "traceloop.entity.output")]
    [InlineData("gcp.vertex.agent.llm_request", "gcp.vertex.agent.llm_response")]
    [InlineData("ai.prompt", "ai.response.text")]
    [InlineData("lmnr.span.input", "lmnr.span.output")]
    public void Inputs_and_outputs_are_found_by_each_convention(string input, string output)
    {
        var span = Complete((input, new AnyValue.Text("in")), (output, new AnyValue.Text("out")));
        Assert.Equal(("in", "out"), (span.Text(TraceKeys.SpanInputs), span.Text(TraceKeys.SpanOutputs)));
    }

    [Fact]
    public void Inputs_may_stand_in_an_event_and_empty_ones_count_for_nothing()
    {
        var span = Empty() with
        {
            Attributes = [KeyValuePair.Create<string, AnyValue>("input.value", new AnyValue.Text("{}"))],
            Events =
            [
                new SpanEvent(
                    "gen_ai.content.prompt",
                    1,
                    [KeyValuePair.Create<string, AnyValue>("gen_ai.prompt", new AnyValue.Text("asked"))]
                ),
            ],
        };
        Assert.Equal("asked", SpanConventions.Complete(span).Text(TraceKeys.SpanInputs));
    }

    [Theory]
    [InlineData("llm.token_count.prompt", "llm.token_count.completion")]
    [InlineData("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")]
    [InlineData("gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens")]
    [InlineData("usage.prompt_tokens", "llm.usage.completion_tokens")]
    public void Tokens_are_counted_by_each_convention(string input, string output)
    {
        var span = Complete((input, new AnyValue.Whole(100)), (output, new AnyValue.Text("50")));
        Assert.Equal(new TokenUsage(100, 50, 150), TokenUsage.Of(span[TraceKeys.SpanTokenUsage]));
        var half = Complete((input, new AnyValue.Whole(100)));
        Assert.Equal(new TokenUsage(100, null, null), TokenUsage.Of(half[TraceKeys.SpanTokenUsage]));
    }

    [Theory]
    [InlineData(
        "{\"messages\": [{\"role\": \"user\", \"content\": \"one\"}, {\"role\": \"user\", \"content\": \"two\"}, {\"role\": \"tool\", \"content\": \"three\"}]}",
        "two"
    )]
    [InlineData(
        "{\"input\": [{\"role\": \"system\", \"content\": [{\"type\": \"text\", \"text\": \"part\"}]}]}",
        "part"
    )]
    [InlineData("{\"request\": {\"messages\": [{\"role\": \"user\", \"content\": \"deep\"}]}}", "deep")]
    [InlineData("{\"messages\": []}", "{\"messages\": []}")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("hello", "\"hello\"")]
    [InlineData("12", "\"12\"")]
    public void A_request_is_previewed_by_what_a_reader_looks_for(string input, string preview)
    {
        var root = Empty().With(TraceKeys.SpanInputs, new AnyValue.Text(input));
        Assert.Equal(preview, Preview.OfRequest(root));
        if (AnyValue.ParseJson(input) is AnyValue.Map map && preview != input)
            Assert.Equal(preview, Preview.OfRequest(Empty().With(TraceKeys.SpanInputs, map)));
    }

    [Fact]
    public void A_preview_is_cut_to_a_thousand_characters() =>
        Assert.Equal(
            1000,
            Preview.OfResponse(Empty().With(TraceKeys.SpanOutputs, new AnyValue.Text(new string('x', 5000))))!.Length
        );

    private static Span Complete(params (string Key, AnyValue Value)[] attributes) =>
        SpanConventions.Complete(
            Empty() with
            {
                Attributes = [.. attributes.Select(a => KeyValuePair.Create(a.Key, a.Value))],
            }
        );

    private static Span Empty() =>
        new()
        {
            OtelTraceId = new byte[16],
            Id = new byte[8],
            Name = "",
        };
}
