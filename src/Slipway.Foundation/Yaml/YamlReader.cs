using Slipway.Sdk;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Foundation.Yaml;

/// <summary>A value of a YAML document.</summary>
public abstract record YamlValue
{
    /// <summary>A text as it was written; a plain one may stand for nothing, a number or a flag.</summary>
    public sealed record Scalar(string Text, bool IsPlain) : YamlValue;

    public sealed record Items(IReadOnlyList<YamlValue> Values) : YamlValue;

    public sealed record Map(IReadOnlyDictionary<string, YamlValue> Values) : YamlValue
    {
        public static Map Empty { get; } = new(new Dictionary<string, YamlValue>());

        public YamlValue? this[string key] => Values.GetValueOrDefault(key);

        /// <summary>The text of this key; null where there is none, or a plain null.</summary>
        public string? Text(string key) =>
            this[key] is Scalar scalar && !(scalar.IsPlain && scalar.Text is "" or "~" or "null") ? scalar.Text : null;

        public long? Whole(string key) =>
            long.TryParse(
                Text(key),
                System.Globalization.NumberStyles.AllowLeadingSign,
                System.Globalization.CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : null;
    }
}

/// <summary>
/// Reads one YAML document of plain values that a stranger may have written: tags and anchors are refused, no type is made
/// of it, and its depth is bounded.
/// </summary>
public static class YamlReader
{
    private const int DepthLimit = 32;

    /// <summary>The map that the document is; an empty document is an empty map.</summary>
    public static YamlValue.Map ReadMap(TextReader text)
    {
        try
        {
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return YamlValue.Map.Empty;
            parser.Consume<DocumentStart>();
            return Read(parser, 0) as YamlValue.Map ?? throw Refused("it is not a list of keys and values");
        }
        catch (YamlException e)
        {
            throw Refused($"line {e.Start.Line}: {e.Message}");
        }
    }

    private static YamlValue Read(Parser parser, int depth)
    {
        if (depth > DepthLimit)
            throw Refused($"it is nested deeper than {DepthLimit} levels");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false })
            throw Refused("it has an anchor");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false })
            throw Refused("it has a tag");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlValue.Scalar(scalar.Value, scalar.Style == ScalarStyle.Plain);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Read(parser, depth + 1));
            return new YamlValue.Items(items);
        }
        if (parser.TryConsume<MappingStart>(out _))
        {
            var values = new Dictionary<string, YamlValue>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Read(parser, depth + 1) is not YamlValue.Scalar key)
                    throw Refused("a key is not a text");
                if (!values.TryAdd(key.Text, Read(parser, depth + 1)))
                    throw Refused($"the key '{key.Text}' is there twice");
            }
            return new YamlValue.Map(values);
        }
        throw Refused("it refers to another place in it");
    }

    private static Fault Refused(string why) => Fault.Invalid("yaml.unreadable", $"The YAML cannot be read: {why}.");
}
