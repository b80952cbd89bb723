namespace Slipway.Tracing;

/// <summary>
/// Instrumentation libraries name the same things differently: what went into a model call, what came out, how many
/// tokens it took. Each convention is a row of attribute keys; a span that lacks the keys of this house gets them from
/// the first convention that has the value, so that search, previews and token counts work whoever made the span.
/// </summary>
public static class SpanConventions
{
    private sealed record Convention
    {
        public string? Kind { get; init; }

        public Dictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

        public string? InputTokens { get; init; }

        public string? OutputTokens { get; init; }

        public string? TotalTokens { get; init; }

        public string? CacheReadTokens { get; init; }

        public string? CacheWriteTokens { get; init; }

        public string[] Inputs { get; init; } = [];

        public string[] Outputs { get; init; } = [];

        public string[] Models { get; init; } = [];

        public string? Provider { get; init; }
    }

    private static readonly Convention[] All =
    [
        // OpenInference (Arize)
        new()
        {
            Kind = "openinference.span.kind",
            Types = Same(
                "TOOL",
                "CHAIN",
                "LLM",
                "RETRIEVER",
                "EMBEDDING",
                "AGENT",
                "RERANKER",
                "UNKNOWN",
                "GUARDRAIL",
                "EVALUATOR"
            ),
            InputTokens = "llm.token_count.prompt",
            OutputTokens = "llm.token_count.completion",
            TotalTokens = "llm.token_count.total",
            CacheReadTokens = "llm.token_count.prompt_details.cache_read",
            CacheWriteTokens = "llm.token_count.prompt_details.cache_write",
            Inputs = ["input.value"],
            Outputs = ["output.value"],
            Models = ["llm.model_name", "embedding.model_name"],
            Provider = "llm.provider",
        },
        // OpenTelemetry's semantic conventions for generative AI
        new()
        {
            Kind = "gen_ai.operation.name",
            Types = new Dictionary<string, string>
            {
                ["chat"] = "CHAT_MODEL",
                ["create_agent"] = "AGENT",
                ["embeddings"] = "EMBEDDING",
                ["execute_tool"] = "TOOL",
                ["generate_content"] = "LLM",
                ["invoke_agent"] = "AGENT",
                ["text_completion"] = "LLM",
                ["response"] = "LLM",
            },
            InputTokens = "gen_ai.usage.input_tokens",
            OutputTokens = "gen_ai.usage.output_tokens",
            CacheReadTokens = "gen_ai.usage.cache_read.input_tokens",
            CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens",
            Inputs = ["gen_ai.input.messages", "gen_ai.tool.call.arguments"],
            Outputs = ["gen_ai.output.messages", "gen_ai.tool.call.result"],
            Models = ["gen_ai.response.model", "gen_ai.request.model"],
            Provider = "gen_ai.provider.name",
        },
        // Traceloop (OpenLLMetry)
        new()
        {
            Kind = "traceloop.span.kind",
            Types = new Dictionary<string, string>
            {
                ["workflow"] = "WORKFLOW",
                ["task"] = "TASK",
                ["agent"] = "AGENT",
                ["tool"] = "TOOL",
                ["unknown"] = "UNKNOWN",
            },
            InputTokens = "gen_ai.usage.prompt_tokens",
            OutputTokens = "gen_ai.usage.completion_tokens",
            TotalTokens = "llm.usage.total_tokens",
            Inputs = ["traceloop.entity.input"],
            Outputs = ["traceloop.entity.output"],
        },
        // Google ADK
        new()
        {
            Inputs = ["gcp.vertex.agent.llm_request", "gcp.vertex.agent.tool_call_args"],
            Outputs = ["gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_response"],
        },
        // Vercel AI SDK
        new()
        {
            Kind = "ai.operationId",
            Types = new Dictionary<string, string>
            {
                ["ai.generateText"] = "LLM",
                ["ai.generateText.doGenerate"] = "LLM",
                ["ai.streamText"] = "LLM",
                ["ai.streamText.doStream"] = "LLM",
                ["ai.generateObject"] = "LLM",
                ["ai.generateObject.doGenerate"] = "LLM",
                ["ai.streamObject"] = "LLM",
                ["ai.streamObject.doStream"] = "LLM",
                ["ai.toolCall"] = "TOOL",
                ["ai.embed"] = "EMBEDDING",
                ["ai.embed.doEmbed"] = "EMBEDDING",
                ["ai.embedMany"] = "EMBEDDING",
            },
            Inputs = ["ai.prompt", "ai.prompt.messages", "ai.toolCall.args", "ai.value", "ai.values"],
            Outputs = ["ai.response.text", "ai.toolCall.result", "ai.response.object", "ai.embedding", "ai.embeddings"],
        },
    ];

    /// <summary>The span with type, inputs, outputs, token usage, model and provider under the keys of this house, where it has them.</summary>
    public static Span Complete(Span span)
    {
        var added = new List<KeyValuePair<string, AnyValue>>();
        void Add(string key, Func<Convention, AnyValue?> find)
        {
            if (span[key] is null && All.Select(find).FirstOrDefault(v => v is not null) is { } value)
                added.Add(KeyValuePair.Create(key, value));
        }
        Add(TraceKeys.SpanType, c => TypeOf(span, c));
        Add(TraceKeys.SpanInputs, c => First(span, c.Inputs));
        Add(TraceKeys.SpanOutputs, c => First(span, c.Outputs));
        Add(TraceKeys.SpanTokenUsage, c => UsageOf(span, c));
        Add(TraceKeys.SpanModel, c => First(span, c.Models));
        Add(TraceKeys.SpanProvider, c => c.Provider is null ? null : span[c.Provider]);
        return added.Count == 0 ? span : span with { Attributes = [.. span.Attributes, .. added] };
    }

    private static AnyValue.Text? TypeOf(Span span, Convention convention) =>
        convention.Kind is not null
        && span.Text(convention.Kind) is { } kind
        && convention.Types.TryGetValue(kind, out var type)
            ? new AnyValue.Text(type)
            : null;

    /// <summary>The first of the attributes that says something: an empty text, list or map does not.</summary>
    private static AnyValue? First(Span span, string[] keys)
    {
        foreach (var key in keys)
        {
            if (span[key] is { } value && !IsEmpty(value))
                return value;
        }
        return null;
    }

    private static bool IsEmpty(AnyValue value) =>
        value switch
        {
            AnyValue.Absent => true,
            AnyValue.Text { Value: "" or "{}" or "[]" or "null" or "\"\"" } => true,
            AnyValue.Items items => items.Values.Count == 0,
            AnyValue.Map map => map.Entries.Count == 0,
            _ => false,
        };

    private static AnyValue.Map? UsageOf(Span span, Convention convention)
    {
        if (
            Count(span, convention.InputTokens) is not { } input
            || Count(span, convention.OutputTokens) is not { } output
        )
            return null;
        var usage = new TokenUsage(input, output, Count(span, convention.TotalTokens) ?? input + output)
        {
            CacheRead = Count(span, convention.CacheReadTokens),
            CacheWrite = Count(span, convention.CacheWriteTokens),
        };
        return usage.ToValue();
    }

    private static long? Count(Span span, string? key) => key is null ? null : TokenUsage.Count(span[key]);

    private static Dictionary<string, string> Same(params string[] names) => names.ToDictionary(name => name);
}
