using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class RoomTests
{
    [Fact]
    public void Every_slice_keeps_the_order_of_its_rooms() => Verdict.Clean(RoomOrder.Breaches(House.Real));

    [Fact]
    public void An_endpoint_that_goes_around_the_verbs_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Http.WalkEndpoints.Get uses Slipway.Tracking.Storage.WalkStore: in a slice, Http may not use Storage.",
            RoomOrder.Breaches(
                House.WithCode(
                    "Slipway",
                    """
                    namespace Slipway.Tracking.Storage { internal static class WalkStore { public static int Count() => 3; } }
                    namespace Slipway.Tracking.Http
                    {
                        internal static class WalkEndpoints { public static System.Func<int> Get() => () => Storage.WalkStore.Count(); }
                    }
                    """
                )
            )
        );

    [Fact]
    public void A_noun_that_knows_its_storage_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Walk.Store uses Slipway.Tracking.Storage.WalkStore: in a slice, nouns may not use Storage.",
            RoomOrder.Breaches(
                House.WithCode(
                    "Slipway",
                    """
                    namespace Slipway.Tracking { public sealed class Walk { internal Storage.WalkStore Store; } }
                    namespace Slipway.Tracking.Storage { internal sealed class WalkStore; }
                    """
                )
            )
        );

    [Fact]
    public void A_room_that_nobody_knows_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Attic.Box stands in a room that ARCHITECTURE.md does not know: Attic.",
            RoomOrder.Breaches(
                House.WithCode("Slipway", "namespace Slipway.Tracking.Attic { internal sealed class Box; }")
            )
        );

    [Fact]
    public void A_command_that_opens_the_store_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Cli.WalkCommands.Db uses Slipway.Foundation.Sql.Db: commands know only the Sdk and Foundation/Console.",
            RoomOrder.Breaches(
                House.WithCode(
                    "Slipway",
                    "namespace Slipway.Tracking.Cli { internal sealed class WalkCommands { public Slipway.Foundation.Sql.Db Db; } }"
                )
            )
        );
}
