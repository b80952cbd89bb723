namespace Slipway.Tracing;

/// <summary>
/// How one family of instrumentation names what went into a piece of work, what came out, what kind of work it was, and
/// how many tokens it took. The keys are those of its public documentation.
/// </summary>
internal sealed record SpanConvention
{
    /// <summary>Attributes that say the kind of work; the first that says a known one counts.</summary>
    public string[] Kinds { get; init; } = [];

    /// <summary>The span types of this house, by what those attributes say.</summary>
    public Dictionary<string, string> Types { get; init; } = [];

    /// <summary>An attribute that has to have this value for the convention to speak of kinds at all.</summary>
    public (string Key, string Value)? Only { get; init; }

    public string[] InputTokens { get; init; } = [];

    public string[] OutputTokens { get; init; } = [];

    public string[] TotalTokens { get; init; } = [];

    public string[] CacheReadTokens { get; init; } = [];

    public string[] CacheWriteTokens { get; init; } = [];

    public string[] Inputs { get; init; } = [];

    public string[] Outputs { get; init; } = [];

    /// <summary>Events that carry inputs and outputs in an attribute, where attributes of the span do not.</summary>
    public (string Event, string Key)? InputEvent { get; init; }

    public (string Event, string Key)? OutputEvent { get; init; }

    public string[] Models { get; init; } = [];

    public string[] Providers { get; init; } = [];

    private static readonly Dictionary<string, string> GenAiTypes = new()
    {
        ["chat"] = "CHAT_MODEL",
        ["create_agent"] = "AGENT",
        ["embeddings"] = "EMBEDDING",
        ["execute_tool"] = "TOOL",
        ["generate_content"] = "LLM",
        ["invoke_agent"] = "AGENT",
        ["text_completion"] = "LLM",
        ["response"] = "LLM",
    };

    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<SpanConvention> All { get; } =
    [
        // OpenInference (Arize)
        new()
        {
            Kinds = ["openinference.span.kind"],
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
            InputTokens = ["llm.token_count.prompt"],
            OutputTokens = ["llm.token_count.completion"],
            TotalTokens = ["llm.token_count.total"],
            Inputs = ["input.value"],
            Outputs = ["output.value"],
            Models = ["llm.model_name", "embedding.model_name"],
            Providers = ["llm.provider"],
        },
        // Gemini CLI
        new()
        {
            Only = ("gen_ai.agent.name", "gemini-cli"),
            Kinds = ["gen_ai.operation.name"],
            Types = new()
            {
                ["llm_call"] = "LLM",
                ["tool_call"] = "TOOL",
                ["agent_call"] = "AGENT",
            },
        },
        // OpenTelemetry's semantic conventions for generative AI
        new()
        {
            Kinds = ["gen_ai.operation.name"],
            Types = GenAiTypes,
            InputTokens = ["gen_ai.usage.input_tokens"],
            OutputTokens = ["gen_ai.usage.output_tokens"],
            CacheReadTokens = ["gen_ai.usage.cache_read.input_tokens"],
            CacheWriteTokens = ["gen_ai.usage.cache_creation.input_tokens"],
            Inputs = ["gen_ai.input.messages", "gen_ai.tool.call.arguments"],
            Outputs = ["gen_ai.output.messages", "gen_ai.tool.call.result"],
            Models = ["gen_ai.response.model", "gen_ai.request.model"],
            Providers = ["gen_ai.provider.name"],
        },
        // Spring AI
        new()
        {
            InputEvent = ("gen_ai.content.prompt", "gen_ai.prompt"),
            OutputEvent = ("gen_ai.content.completion", "gen_ai.completion"),
        },
        // Traceloop (OpenLLMetry)
        new()
        {
            Kinds = ["traceloop.span.kind"],
            Types = new()
            {
                ["workflow"] = "WORKFLOW",
                ["task"] = "TASK",
                ["agent"] = "AGENT",
                ["tool"] = "TOOL",
                ["unknown"] = "UNKNOWN",
            },
            InputTokens = ["gen_ai.usage.prompt_tokens"],
            OutputTokens = ["gen_ai.usage.completion_tokens"],
            TotalTokens = ["llm.usage.total_tokens"],
            Inputs = ["traceloop.entity.input", "gen_ai.prompt.0.content"],
            Outputs = ["traceloop.entity.output", "gen_ai.completion.0.content"],
            Providers = ["gen_ai.system"],
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
            Kinds = ["ai.operationId"],
            Types = new()
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
        // VoltAgent
        new()
        {
            Kinds = ["span.type", "entity.type"],
            Types = new()
            {
                ["agent"] = "AGENT",
                ["llm"] = "LLM",
                ["tool"] = "TOOL",
                ["memory"] = "MEMORY",
            },
            InputTokens = ["usage.prompt_tokens", "llm.usage.prompt_tokens"],
            OutputTokens = ["usage.completion_tokens", "llm.usage.completion_tokens"],
            TotalTokens = ["usage.total_tokens"],
            Inputs = ["agent.messages", "llm.messages", "input"],
            Outputs = ["output"],
        },
        // LiveKit Agents
        new()
        {
            Inputs = ["lk.user_input", "lk.user_transcript", "lk.chat_ctx", "lk.input_text"],
            Outputs = ["lk.response.text", "lk.response.function_calls"],
        },
        // Laminar
        new()
        {
            Kinds = ["lmnr.span.type"],
            Types = new()
            {
                ["LLM"] = "LLM",
                ["TOOL"] = "TOOL",
                ["DEFAULT"] = "CHAIN",
                ["PIPELINE"] = "CHAIN",
                ["EXECUTOR"] = "AGENT",
                ["EVALUATOR"] = "EVALUATOR",
                ["HUMAN_EVALUATOR"] = "EVALUATOR",
                ["EVALUATION"] = "EVALUATOR",
                ["CACHED"] = "LLM",
            },
            Inputs = ["lmnr.span.input"],
            Outputs = ["lmnr.span.output"],
        },
        // Langfuse
        new()
        {
            Kinds = ["langfuse.observation.type"],
            Types = new()
            {
                ["generation"] = "LLM",
                ["embedding"] = "EMBEDDING",
                ["tool"] = "TOOL",
                ["retriever"] = "RETRIEVER",
                ["agent"] = "AGENT",
                ["chain"] = "CHAIN",
                ["evaluator"] = "EVALUATOR",
                ["guardrail"] = "GUARDRAIL",
                ["span"] = "UNKNOWN",
            },
            Inputs = ["langfuse.observation.input"],
            Outputs = ["langfuse.observation.output"],
        },
    ];

    private static Dictionary<string, string> Same(params string[] names) => names.ToDictionary(name => name);
}
