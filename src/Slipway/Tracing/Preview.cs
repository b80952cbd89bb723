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
        var parsed = value is AnyValue.Text text ? AnyValue.ParseJson(text.Value) ?? value : value;
        var preview = TextOf(parsed, role) ?? value.ToString();
        return preview.Length <= LengthLimit ? preview : preview[..(LengthLimit - 3)] + "...";
    }

    private static string? TextOf(AnyValue value, string role)
    {
        var messages = MessagesOf(value);
        if (messages.Count == 0)
            return null;
        // A bare list of messages is a conversation: it is known by its first question and its last answer.
        var ofRole = messages.Where(m => (m["role"] as AnyValue.Text)?.Value == role).ToList();
        var message =
            ofRole.Count == 0 ? messages[^1]
            : value is AnyValue.Items && role == "user" ? ofRole[0]
            : ofRole[^1];
        return ContentOf(message);
    }

    /// <summary>Messages as chat APIs have them: a list, or under messages, choices, input or output, or one level down in a request.</summary>
    private static List<AnyValue.Map> MessagesOf(AnyValue value)
    {
        if (value is AnyValue.Items list)
            return Messages(list);
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
        return map["request"] is AnyValue.Map request ? MessagesOf(request) : [];
    }

    private static List<AnyValue.Map> Messages(AnyValue.Items items) =>
        [.. items.Values.OfType<AnyValue.Map>().Where(IsMessage)];

    private static bool IsMessage(AnyValue.Map map) =>
        map["role"] is not null && (map["content"] ?? map["parts"]) is not null;

    private static string? ContentOf(AnyValue.Map message) =>
        (message["content"] ?? message["parts"]) switch
        {
            AnyValue.Text text => text.Value,
            // Parts of several kinds; the text is in those that have one.
            AnyValue.Items parts => parts
                .Values.OfType<AnyValue.Map>()
                .Select(part => ((part["text"] ?? part["content"]) as AnyValue.Text)?.Value)
                .FirstOrDefault(text => text is not null),
            _ => null,
        };
}
