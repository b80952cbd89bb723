using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Sql;

/// <summary>Work that looks whether a key is free and then takes it, on two servers with one PostgreSQL.</summary>
public sealed class TakenKeysTests
{
    [Fact]
    public async Task Whoever_finds_a_key_taken_after_it_looked_free_answers_in_its_own_words()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var one = new Db(new PostgresDialect(postgres.Address));
        await using var other = new Db(new PostgresDialect(postgres.Address));
        await one.WriteAsync(tx => tx.Execute("create table names (name text primary key)"));
        for (var neighbours = 0; neighbours < 3; neighbours++)
        {
            var name = $"n{neighbours}";
            using var taken = new ManualResetEventSlim();
            using var looked = new ManualResetEventSlim();
            var first = one.WriteAsync(tx =>
            {
                Insert(tx, name);
                taken.Set();
                // It commits once the other has seen that there is no such name yet.
                looked.Wait(TimeSpan.FromSeconds(10));
            });
            var second = other.WriteAsync(tx =>
            {
                taken.Wait(TimeSpan.FromSeconds(10));
                Take(tx, name, looked.Set);
            });
            var beside = Enumerable.Range(0, neighbours).Select(i => other.WriteAsync(tx => Take(tx, $"{name}-{i}")));
            await Task.WhenAll([first, .. beside]);
            Assert.Equal("test.taken", (await Assert.ThrowsAsync<Fault>(() => second)).Code);
        }
        var names = await one.ReadAsync(tx => tx.Many("select name from names order by name", r => r.Text(0)));
        Assert.Equal(["n0", "n1", "n1-0", "n2", "n2-0", "n2-1"], names);
    }

    private static void Take(Tx tx, string name, Action? looked = null)
    {
        if (tx.One("select 1 from names where name = @name", _ => true, ("name", name)))
            throw Fault.Conflict("test.taken", $"{name} is taken.");
        looked?.Invoke();
        Insert(tx, name);
    }

    private static void Insert(Tx tx, string name) =>
        tx.Execute("insert into names (name) values (@name)", ("name", name));
}
