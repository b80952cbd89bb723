using System.Text.Json;

namespace Slipway.Governance.Scanners;

/// <summary>
/// JSON, and the layers of Keras that it may describe: an object with a class name is made on loading, from the module
/// that stands beside it. A Lambda layer carries Python code, and a module outside Keras is whatever is installed.
/// </summary>
internal static class JsonScanner
{
    private const int Depth = 200;

    public static void Scan(ScanSession session, string path, ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Depth });
            Visit(session, path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ScanSession.Malformed("it is no JSON, or nested deeper than any model");
        }
    }

    private static void Visit(ScanSession session, string path, JsonElement element)
    {
        session.Breathe();
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Visit(session, path, item);
        }
        if (element.ValueKind != JsonValueKind.Object)
            return;
        var keys = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (!keys.Add(member.Name))
                session.Unsafe(
                    path,
                    "scan.json_twice",
                    $"The key '{ScanSession.Quoted(member.Name)}' stands twice in one object."
                );
            Visit(session, path, member.Value);
        }
        if (keys.Contains("class_name"))
            Layer(session, path, element);
        if (keys.Contains("function_type") || Text(element, "class_name") == "__lambda__")
            session.Unsafe(path, "scan.keras_code", "It carries a function as code, which Keras runs.");
        if (
            element.TryGetProperty("url", out var url)
            && keys.Contains("class_name")
            && url.ValueKind == JsonValueKind.String
        )
            session.Unsafe(path, "scan.keras_fetch", "It fetches a file from the network while it is loaded.");
    }

    private static void Layer(ScanSession session, string path, JsonElement element)
    {
        var name = Text(element, "class_name") ?? "";
        var shown = ScanSession.Quoted(name);
        if (
            name.Split('>', '.')[^1] is "Lambda" or "__lambda__" or "TFOpLambda"
            && !name.EndsWith("TFOpLambda", StringComparison.Ordinal)
        )
            session.Unsafe(path, "scan.keras_code", $"Its layer '{shown}' is code that Keras runs.");
        foreach (var key in (string[])["module", "fn_module", "registered_module"])
        {
            if (Text(element, key) is { } module && !IsKeras(module))
                session.Unsafe(
                    path,
                    "scan.keras_module",
                    $"Its object '{shown}' comes from the module '{ScanSession.Quoted(module)}', which is not part of Keras."
                );
        }
        if (Text(element, "registered_name") is { Length: > 0 } registered && registered != name)
            session.Unscannable(
                path,
                "scan.keras_custom",
                $"It needs the class '{ScanSession.Quoted(registered)}' of somebody's own."
            );
        if (name is "function" or "get_file" || name.Contains("get_file", StringComparison.Ordinal))
            session.Unsafe(
                path,
                "scan.keras_function",
                $"It calls the function '{ScanSession.Quoted(Text(element, "config") ?? name)}' by its name."
            );
    }

    private static bool IsKeras(string module) =>
        module is "builtins" or "keras" or "tensorflow.keras" or "tf_keras"
        || module.StartsWith("keras.layers", StringComparison.Ordinal)
        || module.StartsWith("keras.initializers", StringComparison.Ordinal)
        || module.StartsWith("keras.regularizers", StringComparison.Ordinal)
        || module.StartsWith("keras.constraints", StringComparison.Ordinal)
        || module.StartsWith("keras.optimizers", StringComparison.Ordinal)
        || module.StartsWith("keras.losses", StringComparison.Ordinal)
        || module.StartsWith("keras.metrics", StringComparison.Ordinal)
        || module.StartsWith("keras.activations", StringComparison.Ordinal)
        || module.StartsWith("keras.src.models", StringComparison.Ordinal)
        || module.StartsWith("keras.models", StringComparison.Ordinal);

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
