using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class WordTests
{
    [Fact]
    public void Foundation_knows_no_machine_learning_and_the_tree_tells_no_tales() =>
        Verdict.Clean(Wording.Breaches(House.Real));

    [Fact]
    public void A_noun_of_machine_learning_in_Foundation_is_named() =>
        Verdict.Names(
            "Slipway.Foundation.Sql.Shelf has the name FindExperiment: Foundation does not know the word Experiment.",
            Wording.Breaches(
                House.WithCode(
                    "Slipway.Foundation",
                    "namespace Slipway.Foundation.Sql { public sealed class Shelf { public int FindExperiment() => 3; } }"
                )
            )
        );

    [Fact]
    public void A_sentence_about_machine_learning_in_Foundation_is_named() =>
        Verdict.Names(
            "Slipway.Foundation.Sql.Shelf.Say says \"experiment\": Foundation does not know the word.",
            Wording.Breaches(
                House.WithCode(
                    "Slipway.Foundation",
                    "namespace Slipway.Foundation.Sql { public sealed class Shelf { public string Say() => \"No such experiment.\"; } }"
                )
            )
        );

    [Fact]
    public void A_path_of_the_machine_it_was_built_on_is_named_with_its_line()
    {
        var path = "/wor" + "k/";
        Verdict.Names(
            $"docs/guide/start.md:2 says \"{path}\": the tree does not tell where it was built or fetched from.",
            Wording.Breaches(House.WithFiles(("docs/guide/start.md", $"Start:\ncd {path}main\n")))
        );
    }
}
