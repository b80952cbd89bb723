using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Slipway.Foundation.Yaml;
using Slipway.Sdk;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Texts beside a model: what describes it, what it needs installed, and code. Descriptions are read as data only;
/// nothing is ever installed or run from them here, and what would be dangerous elsewhere is found here.
/// </summary>
internal static partial class TextScanner
{
    private const int XmlDepth = 500;

    /// <summary>Scans the text by its name and says what it is.</summary>
    public static string Scan(ScanSession session, string path, byte[] bytes)
    {
        var name = path[(path.LastIndexOfAny(['/', '!']) + 1)..].ToLowerInvariant();
        var text = ByteReader.Text(bytes) ?? throw ScanSession.Malformed("it is no text");
        switch (Path.GetExtension(name))
        {
            case ".json":
                JsonScanner.Scan(session, path, Plain(bytes));
                return "json";
            case ".ipynb":
                JsonScanner.Scan(session, path, Plain(bytes));
                session.Note(path, "scan.code", "It is a notebook: code that is read, and not run on loading.");
                return "notebook";
            case ".yaml" or ".yml":
            case "" when name is "mlmodel":
                Yaml(session, path, text, isModel: name is "mlmodel");
                return "yaml";
            case ".py" or ".r" or ".sh" or ".js" or ".jl":
                session.Note(path, "scan.code", "It is code: whoever loads the model together with it runs it.");
                return "code";
            case ".pmml" or ".xml" or ".svg" or ".html":
                Xml(session, path, bytes, name);
                return "xml";
            case ".pth" when PythonPath().IsMatch(text):
                session.Unsafe(
                    path,
                    "scan.python_path",
                    "Python runs the lines of such a file that begin with 'import'."
                );
                return "text";
        }
        if (
            name.StartsWith("requirements", StringComparison.Ordinal)
            || name.StartsWith("constraints", StringComparison.Ordinal)
        )
            Requirements(session, path, text.Split('\n'));
        if (
            bytes.AsSpan().TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{' or (byte)'[', ..]
            && TryJson(session, path, bytes)
        )
            return "json";
        if (text.StartsWith("tree\n", StringComparison.Ordinal))
            LightGbm(text);
        return "text";
    }

    private static void Yaml(ScanSession session, string path, string text, bool isModel)
    {
        YamlValue.Map map;
        try
        {
            map = YamlReader.ReadMap(new StringReader(text));
        }
        catch (Fault fault)
        {
            session.Unsafe(path, "scan.yaml", fault.Message);
            return;
        }
        Requirements(session, path, Dependencies(map));
        if (
            isModel
            && map["flavors"] is YamlValue.Map flavors
            && flavors["python_function"] is YamlValue.Map python
            && python.Text("loader_module") is { } loader
            && !loader.StartsWith("mlflow.", StringComparison.Ordinal)
        )
            session.Unscannable(
                path,
                "scan.loader",
                $"It is loaded by code of its own, '{ScanSession.Quoted(loader)}'."
            );
    }

    private static IEnumerable<string> Dependencies(YamlValue value) =>
        value switch
        {
            YamlValue.Map map => map.Values.SelectMany(pair =>
                pair.Key is "dependencies" or "pip" or "build_dependencies"
                    ? Texts(pair.Value)
                    : Dependencies(pair.Value)
            ),
            YamlValue.Items items => items.Values.SelectMany(Dependencies),
            _ => [],
        };

    private static IEnumerable<string> Texts(YamlValue value) =>
        value switch
        {
            YamlValue.Scalar scalar => [scalar.Text],
            YamlValue.Map map => map.Values.Values.SelectMany(Texts),
            YamlValue.Items items => items.Values.SelectMany(Texts),
            _ => [],
        };

    /// <summary>What pip or conda would be told to install.</summary>
    private static void Requirements(ScanSession session, string path, IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var shown = ScanSession.Quoted(line);
            if (Reference().IsMatch(line))
                session.Unsafe(
                    path,
                    "scan.requirement",
                    $"'{shown}' would fetch from an address or read another file."
                );
            else if (Metacharacter().IsMatch(line.Split(" #")[0].Split(';')[0]) || line.Contains("$("))
                session.Unsafe(path, "scan.requirement", $"'{shown}' has characters that a shell would act on.");
        }
    }

    private static void Xml(ScanSession session, string path, byte[] bytes, string name)
    {
        if (name.EndsWith(".html", StringComparison.Ordinal) || name.EndsWith(".svg", StringComparison.Ordinal))
        {
            session.Note(
                path,
                "scan.code",
                "A browser that opens it outside the pages of this server runs its scripts."
            );
            return;
        }
        try
        {
            using var xml = XmlReader.Create(
                new MemoryStream(bytes),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            while (xml.Read())
            {
                if (xml.Depth > XmlDepth)
                    throw ScanSession.Beyond("it is nested deeper than any model");
                if (
                    xml.NodeType == XmlNodeType.Element
                    && xml.LocalName == "Extension"
                    && name.EndsWith(".pmml", StringComparison.Ordinal)
                )
                    session.Note(path, "scan.pmml_extension", "It has an extension that another reader may act on.");
            }
        }
        catch (XmlException e)
        {
            session.Unsafe(path, "scan.xml", $"It is not plain XML: {ScanSession.Quoted(e.Message)}");
        }
    }

    private static bool TryJson(ScanSession session, string path, byte[] bytes)
    {
        try
        {
            JsonScanner.Scan(session, path, Plain(bytes));
            return true;
        }
        catch (Fault)
        {
            return false;
        }
    }

    /// <summary>LightGBM's text: the counts it announces have to fit into the file that announces them.</summary>
    private static void LightGbm(string text)
    {
        foreach (Match count in Count().Matches(text))
        {
            if (!long.TryParse(count.Groups["n"].Value, out var number) || number > text.Length)
                throw ScanSession.Malformed("a count in it is larger than the file");
        }
    }

    private static ReadOnlyMemory<byte> Plain(byte[] bytes) =>
        bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(3) : bytes;

    [GeneratedRegex(@"^\s*import[ \t]", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex PythonPath();

    [GeneratedRegex(
        @"(^(-r|-c|-e|-f|-i|--[a-z-]+)\b)|([a-z+]+://)|(^(\.|/|~))|(@\s*(/|file:|git\+))|(^git\+)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reference();

    [GeneratedRegex("[|&`$<>]{2}|[|&`$\\\\\\x00-\\x08]", RegexOptions.NonBacktracking)]
    private static partial Regex Metacharacter();

    [GeneratedRegex(
        @"^(num_leaves|num_cat|num_class|max_feature_idx|num_tree_per_iteration)=(?<n>-?[0-9]+)\s*$",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Count();
}
