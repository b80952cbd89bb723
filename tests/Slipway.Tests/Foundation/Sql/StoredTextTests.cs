using Slipway.Foundation.Sql;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Sql;

public sealed class StoredTextTests
{
    private static readonly string[] Odd =
    [
        "",
        "bad\0name",
        "\0",
        "\0\0end\0",
        "\uE000",
        "\uE0000",
        "\uE000\uE000\0",
        "\uFFFD \uFFFE \uFFFF",
        "\U0001F600 naïve \U0010FFFF",
    ];

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_text_comes_back_as_it_was_and_is_found_by_itself_alone(string kind)
    {
        await using var store = await TestStore.OpenAsync(kind);
        await store.Db.WriteAsync(tx =>
        {
            tx.Execute("create table test_texts (name text not null primary key)");
            foreach (var text in Odd)
                Put(tx, text);
        });
        Assert.Equal(Odd.Order(StringComparer.Ordinal), (await AllAsync(store.Db)).Order(StringComparer.Ordinal));
        foreach (var text in Odd)
            Assert.Equal([text], await FoundAsync(store.Db, "name = @texts", text));
        Assert.Equal(
            ["\0", "bad\0name"],
            await store.Db.ReadAsync(tx =>
                tx.Many(
                    $"select name from test_texts where {tx.Dialect.AnyOf("name", "texts")} order by length(name)",
                    r => r.Text(0),
                    ("texts", tx.Dialect.List(["bad\0name", "\0", "not there"]))
                )
            )
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Half_of_a_pair_becomes_a_replacement_character(string kind)
    {
        await using var store = await TestStore.OpenAsync(kind);
        await store.Db.WriteAsync(tx =>
        {
            tx.Execute("create table test_texts (name text not null primary key)");
            Put(tx, "a\uD83D");
            Put(tx, "\uDE00\uD83Db");
        });
        Assert.Equal(["a\uFFFD", "\uFFFD\uFFFDb"], (await AllAsync(store.Db)).Order(StringComparer.Ordinal));
    }

    private static void Put(Tx tx, string text) =>
        tx.Execute("insert into test_texts (name) values (@name)", ("name", text));

    private static Task<List<string>> AllAsync(Db db) =>
        db.ReadAsync(tx => tx.Many("select name from test_texts", r => r.Text(0)));

    private static Task<List<string>> FoundAsync(Db db, string condition, object texts) =>
        db.ReadAsync(tx => tx.Many($"select name from test_texts where {condition}", r => r.Text(0), ("texts", texts)));
}
