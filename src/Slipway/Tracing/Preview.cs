namespace Slipway.Tracing;

/// <summary>
/// The line that a list of traces shows of a request or a response: of a chat the text of the message that matters,
/// of anything else its JSON, cut to a length that a list can show.
/// </summary>
internal static class Preview
{
    private const int LengthLimit = 1000;

    public static string? OfRequest(Span root) => Of(root[TraceKeys.SpanInputs], "user");

    public static string? OfResponse(Span root) => Of(root[TraceKeys.SpanOutputs], "assistant");

    private static string? Of(AnyValue? value, string role)
    {
        if (value is null or AnyValue.Absent)
            return null;
        var preview = value is AnyValue.Text text ? OfText(text, role) : OfChat(value, role) ?? value.ToString();
        return preview.Length <= LengthLimit ? preview : preview[..(LengthLimit - 3)] + "...";
    }

    /// <summary>A text that holds JSON is shown for what it holds, prose in quotes.</summary>
    private static string OfText(AnyValue.Text text, string role) =>
        AnyValue.ParseJson(text.Value) is { } json and (AnyValue.Map or AnyValue.Items or AnyValue.Text)
            ? OfChat(json, role) ?? text.Value
            : text.ToString();

    private static string? OfChat(AnyValue value, string role)
    {
        var messages = MessagesOf(value);
        var message =
            messages.LastOrDefault(m => m["role"] is AnyValue.Text said && said.Value == role)
            ?? messages.LastOrDefault();
        return message is not null && ContentOf(message) is { Length: > 0 } content ? content : null;
    }

    /// <summary>Messages as chat APIs have them: under messages, choices, input or output, or one level down in a request.</summary>
    private static List<AnyValue.Map> MessagesOf(AnyValue value)
    {
        if (value is not AnyValue.Map map)
            return [];
        if (map["messages"] is AnyValue.Items messages)
            return Messages(messages);
        if (
            map["choices"] is AnyValue.Items { Values: [AnyValue.Map choice, ..] }
            && choice["message"] is AnyValue.Map message
            && IsMessage(message)
        )
            return [message];
        if (map["input"] is AnyValue.Items input)
            return Messages(input);
        if (map["output"] is AnyValue.Items output)
            return Messages(output);
        return map["request"] is { } request ? MessagesOf(request) : [];
    }

    private static List<AnyValue.Map> Messages(AnyValue.Items items) =>
        [.. items.Values.OfType<AnyValue.Map>().Where(IsMessage)];

    private static bool IsMessage(AnyValue.Map map) => map["role"] is not null && map["content"] is not null;

    private static string? ContentOf(AnyValue.Map message) =>
        message["content"] switch
        {
            AnyValue.Text text => text.Value,
            // Parts of several kinds; the text is in those that have one.
            AnyValue.Items parts => parts
                .Values.Select(part => part is AnyValue.Map map ? map["text"] : part)
                .OfType<AnyValue.Text>()
                .FirstOrDefault()
                ?.Value,
            _ => null,
        };
}
