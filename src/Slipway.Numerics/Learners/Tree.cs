namespace Slipway.Numerics.Learners;

/// <summary>
/// A node of a tree: a question, or, where <see cref="Column"/> is below 0, an answer. Cover is how much of the training data
/// came by.
/// </summary>
internal readonly record struct TreeNode(
    int Column,
    float Cut,
    bool MissingLeft,
    int Left,
    int Right,
    double Value,
    double Cover
)
{
    public bool IsLeaf => Column < 0;

    public static TreeNode Leaf(double value, double cover) => new(-1, 0, false, 0, 0, value, cover);

    public bool GoesLeft(ReadOnlySpan<double> row)
    {
        var value = (float)row[Column];
        return float.IsNaN(value) ? MissingLeft : value <= Cut;
    }
}

/// <summary>A tree as a list of nodes, the root first.</summary>
internal sealed record Tree(IReadOnlyList<TreeNode> Nodes)
{
    public double Predict(ReadOnlySpan<double> row)
    {
        var node = Nodes[0];
        while (!node.IsLeaf)
        {
            node = Nodes[node.GoesLeft(row) ? node.Left : node.Right];
        }
        return node.Value;
    }
}
