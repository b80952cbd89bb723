using System.Text.Json;
using Slipway.Numerics.Explain;
using Slipway.Numerics.Learners;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Explanations against XGBoost's own, which sums in single precision, and against closed forms.</summary>
public sealed class ExplainReferenceTests
{
    private const double Single = 1e-5;

    public static TheoryData<string, string, int> TreeCases =>
        ReferenceCases.Of("explain-cases/1", "treeshap_path_dependent");

    public static TheoryData<string, string, int> PlaneCases =>
        ReferenceCases.Of("explain-cases/1", "shap_interventional_linear", "partial_dependence");

    [Theory]
    [MemberData(nameof(TreeCases))]
    public void Contributions_of_trees_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var checks = new Checks(id);
        Tree[] trees = [.. item.GetProperty("model_trees_json").EnumerateArray().Select(ReadTree)];
        var start = Checks.Read(item.GetProperty("base_score"));
        var rows = item.GetProperty("x").EnumerateArray().Select(Checks.ReadAll).ToArray();
        for (var r = 0; r < rows.Length; r++)
        {
            var row = rows[r];
            var explanation = TreeShap.Explain(trees, start, row);
            checks.Numbers(
                $"row {r}",
                item.GetProperty("pred_contribs_last_is_bias")[r],
                () => [.. explanation.Contributions, explanation.Expected],
                Single,
                Single
            );
            checks.Number($"margin {r}", item.GetProperty("margin")[r], () => explanation.Answer, Single, Single);
            Assert.Equal(start + trees.Sum(tree => tree.Predict(row)), explanation.Answer, 1e-9);
        }
        if (item.TryGetProperty("interactions_first_2_rows", out var interactions))
            CheckInteractions(checks, interactions, trees, rows);
        checks.Verdict();
    }

    [Theory]
    [MemberData(nameof(PlaneCases))]
    public void Explanations_of_planes_equal_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var checks = new Checks(id);
        if (item.GetProperty("kind").GetString() == "partial_dependence")
        {
            // The columns of that data have mean 0, and of a plane the mean row says all.
            var plane = new LinearRegression(
                Checks.ReadAll(item.GetProperty("coef")),
                Checks.Read(item.GetProperty("intercept"))
            );
            checks.Numbers(
                "average",
                item.GetProperty("average"),
                () =>
                    PartialDependence.Of(
                        plane,
                        new double[plane.Columns],
                        item.GetProperty("feature").GetInt32(),
                        Checks.ReadAll(item.GetProperty("grid"))
                    ),
                1e-6
            );
        }
        else
        {
            CheckPlane(checks, item);
        }
        checks.Verdict();
    }

    // The weights follow from the contributions of two rows; the rest must then agree.
    private static void CheckPlane(Checks checks, JsonElement item)
    {
        var rows = item.GetProperty("x").EnumerateArray().Select(Checks.ReadAll).ToArray();
        var phi = item.GetProperty("phi").EnumerateArray().Select(Checks.ReadAll).ToArray();
        int columns = rows[0].Length;
        double[] weights = new double[columns],
            means = new double[columns];
        for (var c = 0; c < columns; c++)
        {
            var other = Array.FindIndex(rows, row => row[c] != rows[0][c]);
            weights[c] = (phi[other][c] - phi[0][c]) / (rows[other][c] - rows[0][c]);
            means[c] = rows[0][c] - phi[0][c] / weights[c];
        }
        var expected = Checks.Read(item.GetProperty("expected_value"));
        var model = new LinearRegression(weights, expected - weights.Zip(means, (w, m) => w * m).Sum());
        for (var r = 0; r < rows.Length; r++)
        {
            var explanation = model.Explain(rows[r], means);
            checks.Numbers($"phi {r}", item.GetProperty("phi")[r], () => [.. explanation.Contributions], 1e-9, 1e-9);
            checks.Number($"prediction {r}", item.GetProperty("prediction")[r], () => explanation.Answer);
            checks.Number("expected_value", item.GetProperty("expected_value"), () => explanation.Expected);
        }
    }

    private static void CheckInteractions(Checks checks, JsonElement expected, Tree[] trees, double[][] rows)
    {
        for (var r = 0; r < expected.GetArrayLength(); r++)
        {
            var matrix = TreeShap.Interactions(trees, rows[r]);
            for (var i = 0; i < matrix.Length; i++)
            {
                var line = i;
                // The reference has a last column for the bias, which interacts with nothing.
                checks.Numbers(
                    $"interactions {r},{line}",
                    expected[r][line],
                    () => [.. matrix[line], 0],
                    Single,
                    Single
                );
            }
        }
    }

    private static Tree ReadTree(JsonElement root)
    {
        var nodes = new List<TreeNode>();
        Read(root);
        return new Tree(nodes);

        int Read(JsonElement node)
        {
            var at = nodes.Count;
            nodes.Add(default);
            var cover = Checks.Read(node.GetProperty("cover"));
            if (node.TryGetProperty("leaf", out var leaf))
            {
                nodes[at] = TreeNode.Leaf(Checks.Read(leaf), cover);
                return at;
            }
            var children = node.GetProperty("children").EnumerateArray().ToDictionary(Id);
            var (yes, no) = (node.GetProperty("yes").GetInt32(), node.GetProperty("no").GetInt32());
            // XGBoost asks for less; ours asks for at most.
            nodes[at] = new TreeNode(
                int.Parse(
                    node.GetProperty("split").GetString()![1..],
                    System.Globalization.CultureInfo.InvariantCulture
                ),
                MathF.BitDecrement((float)Checks.Read(node.GetProperty("split_condition"))),
                node.GetProperty("missing").GetInt32() == yes,
                Read(children[yes]),
                Read(children[no]),
                0,
                cover
            );
            return at;
        }

        static int Id(JsonElement node) => node.GetProperty("nodeid").GetInt32();
    }
}
