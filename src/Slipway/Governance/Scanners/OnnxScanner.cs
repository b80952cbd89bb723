using System.Globalization;
using Slipway.Foundation.Blobs;

namespace Slipway.Governance.Scanners;

/// <summary>
/// ONNX: a graph of known operators runs nothing of its own, but a model may name files beside it, operators of other
/// libraries, and libraries to load. Only what the runtime carries itself, and files of the same model, are accepted.
/// </summary>
internal sealed class OnnxScanner(ScanSession session, string path, Stream stream)
{
    private const int TextLimit = 1 << 20;

    private static readonly string[] Domains = ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "com.microsoft"];
    private static readonly string[] AsksForMore = ["provider", "library", "custom_op", "customop", "ep.", "plugin"];
    private static readonly string[] Libraries = [".so", ".dll", ".dylib"];

    private readonly ByteReader reader = new(stream, session);
    private readonly HashSet<string> imported = [];
    private readonly HashSet<string> called = [];
    private readonly Dictionary<string, HashSet<string>> functions = [];
    private HashSet<string>? inFunction;
    private bool hasGraph;

    public void Scan()
    {
        var model = MessageReader.Of(reader, session);
        while (model.Next() is var field and > 0)
        {
            if (field == 7)
                Graph(model.Message());
            else if (field == 8)
                imported.Add(Domain(model.Message(), 1));
            else if (field == 14)
                Property(model.Message());
            else if (field == 20)
                Training(model.Message());
            else if (field == 25)
                Function(model.Message());
        }
        if (!hasGraph || imported.Count == 0)
            throw ScanSession.Malformed("it has no graph, or no set of operators");
        CheckDomains();
        CheckFunctions();
    }

    private void Graph(MessageReader graph)
    {
        hasGraph = true;
        session.Breathe();
        while (graph.Next() is var field and > 0)
        {
            if (field == 1)
                Node(graph.Message());
            else if (field == 5)
                Tensor(graph.Message());
            else if (field == 15)
                SparseTensor(graph.Message());
        }
    }

    private void Node(MessageReader node)
    {
        var (type, domain) = ("", "");
        while (node.Next() is var field and > 0)
        {
            if (field == 4)
                type = node.Text();
            else if (field == 7)
                domain = node.Text();
            else if (field == 5)
                Attribute(node.Message());
        }
        called.Add(domain);
        inFunction?.Add($"{domain}:{type}");
        if (type.Equals("EPContext", StringComparison.OrdinalIgnoreCase))
            session.Unsafe(path, "scan.onnx_context", "It carries a compiled blob for an execution provider.");
    }

    private void Attribute(MessageReader attribute)
    {
        while (attribute.Next() is var field and > 0)
        {
            if (field is 5 or 10)
                Tensor(attribute.Message());
            else if (field is 6 or 11)
                Graph(attribute.Message());
            else if (field is 22 or 23)
                SparseTensor(attribute.Message());
        }
    }

    private void SparseTensor(MessageReader sparse)
    {
        while (sparse.Next() is var field and > 0)
        {
            if (field is 1 or 2)
                Tensor(sparse.Message());
        }
    }

    private void Tensor(MessageReader tensor)
    {
        var external = new Dictionary<string, string>();
        var isExternal = false;
        UInt128 elements = 1;
        while (tensor.Next() is var field and > 0)
        {
            if (field == 1)
            {
                foreach (var length in tensor.Numbers())
                    elements = length >= 0 && elements <= long.MaxValue ? elements * (ulong)length : throw TooLarge();
            }
            else if (field == 13)
            {
                var (key, value) = Entry(tensor.Message());
                if (!external.TryAdd(key, value))
                    session.Unsafe(path, "scan.onnx_external", "It says twice where a tensor lies.");
            }
            else if (field == 14)
            {
                isExternal = tensor.Number() == 1;
            }
        }
        if (external.Count > 0 || isExternal)
            External(external);
        else if (elements > (ulong)reader.Length * 8)
            throw TooLarge();
    }

    /// <summary>A tensor in another file: one of the same model, and inside that file.</summary>
    private void External(Dictionary<string, string> where)
    {
        var location = where.GetValueOrDefault("location") ?? "";
        var shown = ScanSession.Quoted(location);
        var folder = path.Contains('/') ? path[..(path.LastIndexOf('/') + 1)] : "";
        if (
            path.Contains('!')
            || BlobPath.TryParse(location) is null
            || session.SizeOf(folder + location) is not { } size
        )
        {
            session.Unsafe(path, "scan.onnx_external", $"It reads '{shown}', which is not a file of this model.");
            return;
        }
        var offset = Number(where.GetValueOrDefault("offset"));
        var length = Number(where.GetValueOrDefault("length"));
        if (offset is null || length is null || offset > size || length > size - offset)
            session.Unsafe(path, "scan.onnx_external", $"It reads '{shown}' where that file has nothing.");
        else
            session.ClaimNumbers(folder + location);
    }

    private void Training(MessageReader training)
    {
        while (training.Next() is var field and > 0)
        {
            if (field is 1 or 2)
                Graph(training.Message());
        }
    }

    private void Function(MessageReader function)
    {
        var (name, domain) = ("", "");
        inFunction = [];
        while (function.Next() is var field and > 0)
        {
            if (field == 1)
                name = function.Text();
            else if (field == 10)
                domain = function.Text();
            else if (field == 7)
                Node(function.Message());
            else if (field == 9)
                imported.Add(Domain(function.Message(), 1));
            else if (field == 11)
                Attribute(function.Message());
        }
        if (!functions.TryAdd($"{domain}:{name}", inFunction))
            throw ScanSession.Malformed("it has a function twice");
        inFunction = null;
    }

    private void Property(MessageReader property)
    {
        var (key, value) = Entry(property);
        if (
            AsksForMore.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase))
            || Libraries.Any(end => value.TrimEnd().EndsWith(end, StringComparison.OrdinalIgnoreCase))
        )
            session.Unsafe(
                path,
                "scan.onnx_property",
                $"Its property '{ScanSession.Quoted(key)}' asks for a provider or a library."
            );
    }

    private static string Domain(MessageReader import, int wanted)
    {
        var domain = "";
        while (import.Next() is var field and > 0)
        {
            if (field == wanted)
                domain = import.Text();
        }
        return domain;
    }

    private static (string Key, string Value) Entry(MessageReader entry)
    {
        var (key, value) = ("", "");
        while (entry.Next() is var field and > 0)
        {
            if (field == 1)
                key = entry.Text(TextLimit);
            else if (field == 2)
                value = entry.Text(TextLimit);
        }
        return (key, value);
    }

    private void CheckDomains()
    {
        var own = functions.Keys.Select(f => f[..f.IndexOf(':')]).ToHashSet();
        foreach (var domain in imported.Union(called).Where(d => !Domains.Contains(d) && !own.Contains(d)))
            session.Unsafe(
                path,
                "scan.onnx_domain",
                $"It uses operators of '{ScanSession.Quoted(domain)}', for which a runtime would load a library."
            );
        foreach (var domain in own.Where(Domains.Contains))
            session.Unsafe(
                path,
                "scan.onnx_domain",
                $"It replaces operators of '{ScanSession.Quoted(domain)}' by its own."
            );
    }

    /// <summary>Functions that call each other in a circle would be unfolded for ever.</summary>
    private void CheckFunctions()
    {
        var left = functions.Keys.ToHashSet();
        while (left.Count > 0)
        {
            var leaves = left.Where(f => !functions[f].Any(left.Contains)).ToList();
            if (leaves.Count == 0)
                throw ScanSession.Malformed("its functions call each other in a circle");
            left.ExceptWith(leaves);
        }
    }

    private static long? Number(string? text) =>
        text is null ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    private static Exception TooLarge() => ScanSession.Malformed("a tensor in it is larger than the file");
}
