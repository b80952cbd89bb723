using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class FloorTests
{
    [Fact]
    public void The_house_keeps_to_its_floors() => Verdict.Clean(Floors.Breaches(House.Real));

    [Fact]
    public void A_reach_for_a_higher_slice_is_named_with_the_type_and_the_member() =>
        Verdict.Names(
            "Slipway.Identity.Greeting.ToAll uses Slipway.Tracking.Walk: the row of Identity does not name Tracking.",
            Floors.Breaches(
                House.WithCode(
                    "Slipway",
                    """
                    namespace Slipway.Tracking { public sealed class Walk { public static int Length => 3; } }
                    namespace Slipway.Identity
                    {
                        public sealed class Greeting
                        {
                            public async System.Threading.Tasks.Task<int> ToAll()
                            {
                                await System.Threading.Tasks.Task.Yield();
                                return Tracking.Walk.Length;
                            }
                        }
                    }
                    """
                )
            )
        );

    [Fact]
    public void A_slice_without_a_row_is_named() =>
        Verdict.Names(
            "Slipway.Cellar.Wine stands in Cellar, which has no row in ARCHITECTURE.md.",
            Floors.Breaches(House.WithCode("Slipway", "namespace Slipway.Cellar { public sealed class Wine; }"))
        );

    [Fact]
    public void A_project_that_looks_up_is_named() =>
        Verdict.Names(
            "Slipway.Foundation.Sql.Shelf.Words uses Slipway.Identity.Level: Slipway.Foundation may not use Slipway.",
            Floors.Breaches(
                House.WithCode(
                    "Slipway.Foundation",
                    "namespace Slipway.Foundation.Sql { public sealed class Shelf { public System.Collections.Generic.List<Slipway.Identity.Level[]> Words; } }"
                )
            )
        );

    [Fact]
    public void A_reference_that_the_table_does_not_name_is_found_before_any_code_uses_it() =>
        Verdict.Names(
            "src/Slipway.Sdk/Slipway.Sdk.csproj references Slipway.Natives: Slipway.Sdk may not use Slipway.Natives.",
            Floors.Breaches(
                House.WithFiles(
                    (
                        "src/Slipway.Sdk/Slipway.Sdk.csproj",
                        "<Project><ItemGroup><ProjectReference Include=\"../Slipway.Natives/Slipway.Natives.csproj\" /></ItemGroup></Project>"
                    )
                )
            )
        );

    [Fact]
    public void A_row_that_names_a_later_row_is_named() =>
        Verdict.Names(
            "ARCHITECTURE.md: the row of Below names Above, which is not a row above it.",
            Floors.Breaches(
                House.WithPlan(
                    """
                    ## Projects
                    | Project | May use |
                    |---|---|
                    ## Floors
                    | Slice | May use |
                    |---|---|
                    | Below | Above |
                    | Above | – |
                    ## Rooms
                    | Room | May use | Public |
                    |---|---|---|

                    | Specialty | May use | First used by |
                    |---|---|---|
                    """
                )
            )
        );
}
