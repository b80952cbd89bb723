using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Numerics.Tests.Learners;

/// <summary>
/// Reads an exported file back from its bytes, with nothing shared with the writer, and runs the few operators that exports
/// use in single precision as a runtime would.
/// </summary>
internal sealed class OnnxRunner
{
    private readonly List<Dictionary<int, List<object>>> nodes = [];
    private readonly Dictionary<string, float[]> initializers = [];

    public OnnxRunner(byte[] model)
    {
        var graph = Read((byte[])Read(model)[7][0]);
        foreach (var node in graph[1])
            nodes.Add(Read((byte[])node));
        foreach (var tensor in graph.GetValueOrDefault(5, []))
        {
            var fields = Read((byte[])tensor);
            initializers[Text(fields[8][0])] = MemoryMarshal.Cast<byte, float>((byte[])fields[9][0]).ToArray();
        }
        Outputs = [.. graph[12].Select(value => Text(Read((byte[])value)[1][0]))];
        Inputs = [.. graph[11].Select(value => Text(Read((byte[])value)[1][0]))];
    }

    public string[] Inputs { get; }

    public string[] Outputs { get; }

    /// <summary>All values of the graph for one row.</summary>
    public Dictionary<string, float[]> Run(ReadOnlySpan<double> row)
    {
        var values = new Dictionary<string, float[]>(initializers) { ["input"] = new float[row.Length] };
        for (var i = 0; i < row.Length; i++)
            values["input"][i] = (float)row[i];
        foreach (var node in nodes)
        {
            var x = node[1].Select(name => values[Text(name)]).ToArray();
            values[Text(node[2][0])] = Text(node[4][0]) switch
            {
                "Gemm" => [x[0].Zip(x[1], (a, b) => a * b).Aggregate(x[2][0], (sum, product) => sum + product)],
                "Sigmoid" => [1 / (1 + MathF.Exp(-x[0][0]))],
                "Sub" => [x[0][0] - x[1][0]],
                "Concat" => [.. x.SelectMany(v => v)],
                "ArgMax" => [Array.IndexOf(x[0], x[0].Max())],
                "TreeEnsembleRegressor" => [Trees(node, x[0])],
                var operation => throw new InvalidOperationException($"No such operator: {operation}."),
            };
        }
        return values;
    }

    private static float Trees(Dictionary<int, List<object>> node, float[] row)
    {
        var attributes = node[5].Select(a => Read((byte[])a)).ToDictionary(a => Text(a[1][0]));
        long[] Longs(string name) => [.. attributes[name][8].Select(v => (long)(ulong)v)];
        float[] Floats(string name) => [.. attributes[name][7].Select(v => (float)v)];
        long[] trees = Longs("nodes_treeids"),
            ids = Longs("nodes_nodeids"),
            columns = Longs("nodes_featureids"),
            lefts = Longs("nodes_truenodeids"),
            rights = Longs("nodes_falsenodeids"),
            missing = Longs("nodes_missing_value_tracks_true");
        var cuts = Floats("nodes_values");
        var modes = attributes["nodes_modes"][9].Select(Text).ToArray();
        var places = trees.Zip(ids).Select((key, place) => (key, place)).ToDictionary(p => p.key, p => p.place);
        var answers = Longs("target_treeids")
            .Zip(Longs("target_nodeids"), Floats("target_weights"))
            .ToDictionary(a => (a.First, a.Second), a => a.Third);
        var sum = Floats("base_values")[0];
        foreach (var tree in trees.Distinct())
        {
            var at = places[(tree, 0)];
            while (modes[at] != "LEAF")
            {
                var value = row[columns[at]];
                var left = float.IsNaN(value) ? missing[at] == 1 : value <= cuts[at];
                at = places[(tree, left ? lefts[at] : rights[at])];
            }
            sum += answers[(tree, ids[at])];
        }
        return sum;
    }

    private static string Text(object bytes) => Encoding.UTF8.GetString((byte[])bytes);

    // Field number to its values: numbers as ulong, single precision as float, the rest as bytes.
    private static Dictionary<int, List<object>> Read(byte[] message)
    {
        var fields = new Dictionary<int, List<object>>();
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint();
            var values = fields.TryGetValue((int)(key >> 3), out var found) ? found : fields[(int)(key >> 3)] = [];
            switch (key & 7)
            {
                case 0:
                    values.Add(Varint());
                    break;
                case 2:
                    var length = (int)Varint();
                    values.Add(message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    values.Add(BinaryPrimitives.ReadSingleLittleEndian(message.AsSpan(at)));
                    at += 4;
                    break;
                default:
                    throw new FormatException("A wire type that the export never writes.");
            }
        }
        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = message[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                    return value;
            }
        }
    }
}
