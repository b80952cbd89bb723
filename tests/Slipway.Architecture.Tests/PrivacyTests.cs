using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class PrivacyTests
{
    [Fact]
    public void Slices_touch_only_the_face_of_one_another() => Verdict.Clean(Privacy.Breaches(House.Real));

    [Fact]
    public void A_reach_into_another_slices_storage_is_named_though_no_using_shows_it() =>
        Verdict.Names(
            "Slipway.Registry.Version.Runs uses Slipway.Tracking.Storage.WalkStore: Storage is private to Tracking.",
            Privacy.Breaches(
                House.WithCode(
                    "Slipway",
                    """
                    namespace Slipway.Tracking.Storage { internal static class WalkStore { public static int Count() => 3; } }
                    namespace Slipway.Registry { public sealed class Version { public int Runs => Tracking.Storage.WalkStore.Count(); } }
                    """
                )
            )
        );

    [Fact]
    public void A_public_store_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Storage.WalkStore is public: Storage is private to its slice.",
            Privacy.Breaches(
                House.WithCode("Slipway", "namespace Slipway.Tracking.Storage { public sealed class WalkStore; }")
            )
        );
}
