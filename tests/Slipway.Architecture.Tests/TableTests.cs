using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class TableTests
{
    [Fact]
    public void Every_slice_reads_and_writes_only_its_own_tables() => Verdict.Clean(OwnTables.Breaches(House.Real));

    [Theory]
    [InlineData("select a from identity_users", "identity_users")]
    [InlineData("select r.a from tracking_runs r join identity_users u on u.id = r.a", "identity_users")]
    [InlineData("select 1 from tracking_runs r, identity_users u where r.a is not distinct from u.a", "identity_users")]
    [InlineData(
        "insert into identity_users (id) values (@id) on conflict (id) do update set a = excluded.a",
        "identity_users"
    )]
    [InlineData("update identity_users set a = 1", "identity_users")]
    [InlineData("delete from identity_users where id in (select id from tracking_runs)", "identity_users")]
    [InlineData(
        "with few as (select 1 from identity_users) select * from few for update skip locked",
        "identity_users"
    )]
    public void A_text_that_names_another_slices_table_is_named(string sql, string table) =>
        Verdict.Names(
            $"Slipway.Tracking.Storage.WalkStore.Sql names the table {table}: tables of Tracking begin with tracking_.",
            OwnTables.Breaches(WithText("Slipway.Tracking.Storage", sql))
        );

    [Theory]
    [InlineData("select max(x) from (select 1 as x from tracking_runs) t where x is distinct from y")]
    [InlineData("with few (a) as (select 1), more as (select a from few) select * from more, json_each(@list)")]
    [InlineData("update tracking_runs set a = b from tracking_latest l where l.a = 'from identity_users'")]
    [InlineData("Choose a run from those listed.")]
    public void A_text_with_tables_of_its_own_passes(string sql) =>
        Assert.Empty(OwnTables.Breaches(WithText("Slipway.Tracking.Storage", sql)));

    [Fact]
    public void A_table_named_where_nobody_has_tables_is_named() =>
        Verdict.Names(
            "Slipway.Doors.Left.Bell.Ring names the table tracking_runs: only slices and Foundation have tables.",
            OwnTables.Breaches(
                House.WithCode(
                    "Slipway.Doors",
                    "namespace Slipway.Doors.Left { internal sealed class Bell { public string Ring() => \"delete from tracking_runs\"; } }"
                )
            )
        );

    [Fact]
    public void Shouted_SQL_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Storage.WalkStore.Sql shouts its SQL: house SQL is lower case, so that the rules can read it.",
            OwnTables.Breaches(WithText("Slipway.Tracking.Storage", "SELECT a FROM identity_users"))
        );

    [Fact]
    public void A_migration_that_makes_a_foreign_table_or_points_a_key_up_is_named() =>
        Assert.Equal(
            [
                "src/Slipway/Identity/Storage/Migrations/0001_x.sql names the table users: tables of Identity begin with identity_.",
                "src/Slipway/Identity/Storage/Migrations/0001_x.sql refers to tracking_runs: keys point to tables of one's own or of a slice below.",
            ],
            OwnTables.Breaches(
                House.WithFiles(
                    ("src/Slipway/Identity/README.md", "users"),
                    (
                        "src/Slipway/Identity/Storage/Migrations/0001_x.sql",
                        "create table users (\n  run text references tracking_runs (run_id)\n);\n"
                    )
                )
            )
        );

    [Fact]
    public void A_table_that_the_slices_page_keeps_silent_about_is_named() =>
        Verdict.Names(
            "src/Slipway/Identity/README.md does not name the table identity_users.",
            OwnTables.Breaches(
                House.WithFiles(
                    ("src/Slipway/Identity/README.md", "Nothing to see."),
                    ("src/Slipway/Identity/Storage/Migrations/0001_x.sql", "create table identity_users (id text);\n")
                )
            )
        );

    private static House WithText(string @namespace, string sql) =>
        House.WithCode(
            "Slipway",
            $$"""namespace {{@namespace}} { internal static class WalkStore { public static string Sql() => "{{sql}}"; } }"""
        );
}
