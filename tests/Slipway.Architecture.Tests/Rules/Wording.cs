using System.Text.RegularExpressions;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Foundation knows no machine learning, and the tree says nothing about the place where it was built.</summary>
internal static partial class Wording
{
    private static readonly HashSet<string> Nouns = new(StringComparer.OrdinalIgnoreCase)
    {
        "Experiment",
        "Experiments",
        "Dataset",
        "Datasets",
        "Hyperparameter",
        "Inference",
        "Mlflow",
        "Kubeflow",
        "Prediction",
        "Predictions",
        "Drift",
        "Trainer",
        "Training",
        "Trial",
        "Trials",
        "Tracking",
        "Registry",
        "Retraining",
        "Automl",
    };

    // Put together here, so that this file passes its own rule.
    private static readonly string[] Workplace =
    [
        "/wor" + "k/",
        "/op" + "t/peers",
        "sub" + "agent",
        "farm-" + "studio",
        "farm-" + "bench",
        "this " + "session",
        "regis" + "try.npm",
        "api.nu" + "get.org",
        "nu" + "get.org/v3",
        "de" + "b.debian",
        "npm" + "mirror",
    ];

    public static IEnumerable<string> Breaches(House house) =>
        [.. FoundationNames(house), .. FoundationTexts(house), .. Tree(house)];

    private static IEnumerable<string> FoundationNames(House house)
    {
        foreach (var type in house.Code.Types.Where(t => t.Spot.Project == "Slipway.Foundation"))
        foreach (var name in type.Members.Append(type.Spot.Type).Concat(type.Spot.Namespace.Split('.').Skip(1)))
        foreach (var word in Words().Matches(name).Select(m => m.Value))
        {
            if (Nouns.Contains(word))
                yield return $"{type.Spot} has the name {name}: Foundation does not know the word {word}.";
        }
    }

    /// <summary>Texts: only words that mean nothing else in plain English.</summary>
    private static IEnumerable<string> FoundationTexts(House house) =>
        from literal in house.Code.Literals
        where literal.From.Project == "Slipway.Foundation"
        from Match word in ProductWords().Matches(literal.Text)
        select $"{literal.Source} says \"{word.Value}\": Foundation does not know the word.";

    private static IEnumerable<string> Tree(House house)
    {
        foreach (var file in house.Files)
        foreach (var word in Workplace)
        {
            var index = file.Text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (index >= 0)
                yield return $"{file.Path}:{file.Text.AsSpan(0, index).Count('\n') + 1} says \"{word}\": the tree does not tell where it was built or fetched from.";
        }
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"\b(mlflow|kubeflow|experiments?|datasets?|hyperparameters?|drift)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex ProductWords();
}
