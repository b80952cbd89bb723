using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class DoorTests
{
    [Fact]
    public void Doors_translate_and_nobody_leans_on_them() => Verdict.Clean(ThinDoors.Breaches(House.Real));

    [Fact]
    public void A_slice_that_borrows_from_a_door_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Walk.Version uses Slipway.Doors.Mlflow.MlflowDoor: nobody uses a door.",
            ThinDoors.Breaches(
                House.WithCode(
                    "Slipway",
                    "namespace Slipway.Tracking { public sealed class Walk { public object Version() => Slipway.Doors.Mlflow.MlflowDoor.Room; } }"
                )
            )
        );

    [Fact]
    public void A_door_that_uses_another_is_named() =>
        Verdict.Names(
            "Slipway.Doors.Left.Bell.Ring uses Slipway.Doors.Right.Gong: the door Left may not use the door Right.",
            ThinDoors.Breaches(
                House.WithCode(
                    "Slipway.Doors",
                    """
                    namespace Slipway.Doors.Right { internal sealed class Gong; }
                    namespace Slipway.Doors.Left { internal sealed class Bell { public object Ring() => new Right.Gong(); } }
                    """
                )
            )
        );

    [Fact]
    public void A_door_that_takes_the_database_is_named() =>
        Verdict.Names(
            "Slipway.Doors.Left.Bell.Db uses Slipway.Foundation.Sql.Db: a door has no database; the verbs do.",
            ThinDoors.Breaches(
                House.WithCode(
                    "Slipway.Doors",
                    "namespace Slipway.Doors.Left { internal sealed class Bell { public Slipway.Foundation.Sql.Db Db; } }"
                )
            )
        );

    [Fact]
    public void A_door_that_speaks_SQL_is_named() =>
        Verdict.Names(
            "Slipway.Doors.Left.Bell.Ring holds SQL: a door has no database; the verbs do.",
            ThinDoors.Breaches(
                House.WithCode(
                    "Slipway.Doors",
                    "namespace Slipway.Doors.Left { internal sealed class Bell { public string Ring() => \"select 1 from tracking_runs\"; } }"
                )
            )
        );
}
