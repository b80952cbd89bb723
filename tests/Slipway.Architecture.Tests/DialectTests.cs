using System.Reflection;
using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class DialectTests
{
    [Fact]
    public void Only_the_dialect_knows_which_database_runs() => Verdict.Clean(OneDialect.Breaches(House.Real));

    [Fact]
    public void The_dialect_has_ten_members_at_most() =>
        Assert.InRange(
            typeof(Slipway.Foundation.Sql.Dialect)
                .GetMembers(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
                .Count(member => member is PropertyInfo or MethodInfo { IsSpecialName: false }),
            1,
            10
        );

    [Fact]
    public void A_driver_outside_its_folder_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Storage.WalkStore.Open uses Npgsql.NpgsqlConnection: drivers stay in Foundation/Sql and Foundation/Columns.",
            OneDialect.Breaches(
                House.WithCode(
                    "Slipway",
                    "namespace Slipway.Tracking.Storage { internal static class WalkStore { public static object Open() => new Npgsql.NpgsqlConnection(); } }"
                )
            )
        );

    [Theory]
    [InlineData("dialect is Slipway.Foundation.Sql.PostgresDialect", "uses Slipway.Foundation.Sql.PostgresDialect")]
    [InlineData("dialect.Name == \"postgres\"", "asks for \"postgres\"")]
    public void A_store_that_asks_which_database_runs_is_named(string question, string breach) =>
        Verdict.Names(
            $"Slipway.Tracking.Storage.WalkStore.Ask {breach}: what differs between databases is a member of Dialect.",
            OneDialect.Breaches(
                House.WithCode(
                    "Slipway",
                    $$"""
                    namespace Slipway.Tracking.Storage
                    {
                        internal static class WalkStore { public static bool Ask(Slipway.Foundation.Sql.Dialect dialect) => {{question}}; }
                    }
                    """
                )
            )
        );
}
