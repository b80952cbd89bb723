using System.Runtime.InteropServices;

namespace Slipway.Numerics.Learners;

/// <summary>
/// Writes models as ONNX: the messages and field numbers of onnx.proto3, opset 13 and ai.onnx.ml 3. Trees end in a Sigmoid
/// node of their own, because runtimes disagree on post_transform of a regressor with one target.
/// </summary>
internal static class OnnxModel
{
    private const int FloatType = 1;
    private const int LongType = 7;
    private const int AttributeFloats = 6;

    public static byte[] Linear(double[] weights, double intercept, bool isClassifier)
    {
        var graph = new ProtoWriter();
        graph.Message(1, Node("Gemm", ["input", "weights", "intercept"], [isClassifier ? "score" : "prediction"]));
        return Finish(
            graph,
            weights.Length,
            isClassifier,
            [
                Tensor("weights", [weights.Length, 1], Array.ConvertAll(weights, w => (float)w)),
                Tensor("intercept", [1], [(float)intercept]),
            ]
        );
    }

    public static byte[] Trees(IReadOnlyList<Tree> trees, double start, int columns, bool isClassifier)
    {
        var graph = new ProtoWriter();
        var node = Node("TreeEnsembleRegressor", ["input"], [isClassifier ? "score" : "prediction"], "ai.onnx.ml");
        var nodes = trees.SelectMany((tree, t) => tree.Nodes.Select((n, i) => (Tree: t, Index: i, Node: n))).ToList();
        var leaves = nodes.Where(n => n.Node.IsLeaf).ToList();
        Longs(node, "nodes_treeids", nodes.Select(n => n.Tree));
        Longs(node, "nodes_nodeids", nodes.Select(n => n.Index));
        Longs(node, "nodes_featureids", nodes.Select(n => Math.Max(0, n.Node.Column)));
        Floats(node, "nodes_values", nodes.Select(n => n.Node.Cut));
        Texts(node, "nodes_modes", nodes.Select(n => n.Node.IsLeaf ? "LEAF" : "BRANCH_LEQ"));
        Longs(node, "nodes_truenodeids", nodes.Select(n => n.Node.Left));
        Longs(node, "nodes_falsenodeids", nodes.Select(n => n.Node.Right));
        Longs(node, "nodes_missing_value_tracks_true", nodes.Select(n => n.Node.MissingLeft ? 1 : 0));
        Longs(node, "target_treeids", leaves.Select(n => n.Tree));
        Longs(node, "target_nodeids", leaves.Select(n => n.Index));
        Longs(node, "target_ids", leaves.Select(_ => 0));
        Floats(node, "target_weights", leaves.Select(n => (float)n.Node.Value));
        Floats(node, "base_values", [(float)start]);
        node.Message(5, Attribute("n_targets", 2).Number(3, 1));
        graph.Message(1, node);
        return Finish(graph, columns, isClassifier, []);
    }

    private static byte[] Finish(ProtoWriter graph, int columns, bool isClassifier, ProtoWriter[] initializers)
    {
        if (isClassifier)
        {
            graph.Message(1, Node("Sigmoid", ["score"], ["yes"]));
            graph.Message(1, Node("Sub", ["one", "yes"], ["no"]));
            graph.Message(1, Node("Concat", ["no", "yes"], ["probabilities"], attribute: ("axis", 1)));
            var label = Node("ArgMax", ["probabilities"], ["label"], attribute: ("axis", 1));
            label.Message(5, Attribute("keepdims", 2).Number(3, 0));
            graph.Message(1, label);
            initializers = [.. initializers, Tensor("one", [1], [1f])];
        }
        graph.Text(2, "slipway");
        foreach (var tensor in initializers)
            graph.Message(5, tensor);
        graph.Message(11, Value("input", FloatType, columns));
        if (isClassifier)
        {
            graph.Message(12, Value("label", LongType));
            graph.Message(12, Value("probabilities", FloatType, 2));
        }
        else
        {
            graph.Message(12, Value("prediction", FloatType, 1));
        }
        return new ProtoWriter()
            .Number(1, 7)
            .Text(2, "slipway")
            .Message(7, graph)
            .Message(8, new ProtoWriter().Text(1, "").Number(2, 13))
            .Message(8, new ProtoWriter().Text(1, "ai.onnx.ml").Number(2, 3))
            .Written.ToArray();
    }

    private static ProtoWriter Node(
        string operation,
        string[] inputs,
        string[] outputs,
        string domain = "",
        (string Name, long Value)? attribute = null
    )
    {
        var node = new ProtoWriter();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(3, outputs[0] + "_node").Text(4, operation);
        if (attribute is var (name, value))
            node.Message(5, Attribute(name, 2).Number(3, value));
        return node.Text(7, domain);
    }

    private static ProtoWriter Attribute(string name, int type) => new ProtoWriter().Text(1, name).Number(20, type);

    private static void Longs(ProtoWriter node, string name, IEnumerable<int> values)
    {
        var attribute = Attribute(name, 7);
        foreach (var value in values)
            attribute.Number(8, value);
        node.Message(5, attribute);
    }

    private static void Floats(ProtoWriter node, string name, IEnumerable<float> values)
    {
        var attribute = Attribute(name, AttributeFloats);
        foreach (var value in values)
            attribute.Single(7, value);
        node.Message(5, attribute);
    }

    private static void Texts(ProtoWriter node, string name, IEnumerable<string> values)
    {
        var attribute = Attribute(name, 8);
        foreach (var value in values)
            attribute.Text(9, value);
        node.Message(5, attribute);
    }

    private static ProtoWriter Tensor(string name, int[] dimensions, float[] values)
    {
        var tensor = new ProtoWriter();
        foreach (var dimension in dimensions)
            tensor.Number(1, dimension);
        return tensor.Number(2, FloatType).Text(8, name).Bytes(9, MemoryMarshal.AsBytes<float>(values));
    }

    // The first dimension is the rows of a batch, however many.
    private static ProtoWriter Value(string name, int type, int? width = null)
    {
        var shape = new ProtoWriter().Message(1, new ProtoWriter().Text(2, "rows"));
        if (width is { } columns)
            shape.Message(1, new ProtoWriter().Number(1, columns));
        var tensor = new ProtoWriter().Number(1, type).Message(2, shape);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }
}
