namespace Slipway.Numerics.Learners;

/// <summary>A node of a tree: a question, or, where <see cref="Column"/> is below 0, an answer.</summary>
internal readonly record struct TreeNode(int Column, float Cut, bool MissingLeft, int Left, int Right, double Value)
{
    public bool IsLeaf => Column < 0;

    public static TreeNode Leaf(double value) => new(-1, 0, false, 0, 0, value);
}

/// <summary>A tree as a list of nodes, the root first.</summary>
internal sealed record Tree(IReadOnlyList<TreeNode> Nodes)
{
    public double Predict(ReadOnlySpan<double> row)
    {
        var node = Nodes[0];
        while (!node.IsLeaf)
        {
            var value = (float)row[node.Column];
            var left = float.IsNaN(value) ? node.MissingLeft : value <= node.Cut;
            node = Nodes[left ? node.Left : node.Right];
        }
        return node.Value;
    }
}
