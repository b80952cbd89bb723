using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Sql;

public sealed class CommitMarkTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_database_that_is_gone_is_not_made_anew()
    {
        await WriteAsync(1);
        foreach (
            var file in Directory
                .GetFiles(folder.Path, "t.db*")
                .Where(file => !file.EndsWith("-mark", StringComparison.Ordinal))
        )
            File.Delete(file);
        AssertLost();
        Assert.False(File.Exists(folder.At("t.db")));
    }

    [Fact]
    public async Task An_empty_database_file_is_not_filled_anew()
    {
        await WriteAsync(1);
        await File.WriteAllBytesAsync(folder.At("t.db"), []);
        AssertLost();
    }

    [Fact]
    public async Task A_database_whose_log_is_cut_off_is_refused()
    {
        await using (var db = new Db(new SqliteDialect(folder.At("t.db"))))
        {
            await db.WriteAsync(tx => tx.Execute("create table t (n bigint not null primary key)"));
            await db.WriteAsync(tx => DbTests.Put(tx, 1));
            // The files as a killed server leaves them, once whole and once with the end of the log cut off.
            foreach (var copy in new[] { "whole", "cut" })
            {
                Directory.CreateDirectory(folder.At(copy));
                foreach (var name in new[] { "t.db", "t.db-wal", "t.db-mark" })
                    File.Copy(folder.At(name), folder.At(copy, name));
            }
        }
        using (var log = new FileStream(folder.At("cut", "t.db-wal"), FileMode.Open))
            log.SetLength(log.Length - 1);

        await using (var whole = new Db(new SqliteDialect(folder.At("whole", "t.db"))))
            Assert.Equal([1L], await DbTests.NumbersAsync(whole));
        var fault = Assert.Throws<Fault>(() => new Db(new SqliteDialect(folder.At("cut", "t.db"))));
        Assert.Equal("store.lost", fault.Code);
    }

    [Fact]
    public async Task An_older_copy_in_the_place_of_the_database_is_refused_and_told_how_to_go_on()
    {
        await WriteAsync(1);
        File.Copy(folder.At("t.db"), folder.At("older"));
        await WriteAsync(2);
        File.Copy(folder.At("older"), folder.At("t.db"), overwrite: true);
        var fault = AssertLost();
        Assert.Contains("slipway restore", fault.Hint, StringComparison.Ordinal);

        File.Delete(folder.At("t.db-mark"));
        await using var db = new Db(new SqliteDialect(folder.At("t.db")));
        Assert.Equal([1L], await DbTests.NumbersAsync(db));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_as_damaged()
    {
        File.WriteAllText(folder.At("t.db"), string.Concat(Enumerable.Repeat("not a database ", 500)));
        var fault = Assert.Throws<Fault>(() => new Db(new SqliteDialect(folder.At("t.db"))));
        Assert.Equal("store.corrupt", fault.Code);
    }

    private async Task WriteAsync(long n)
    {
        await using var db = new Db(new SqliteDialect(folder.At("t.db")));
        await db.WriteAsync(tx =>
        {
            tx.Execute("create table if not exists t (n bigint not null primary key)");
            DbTests.Put(tx, n);
        });
    }

    private Fault AssertLost()
    {
        var fault = Assert.Throws<Fault>(() => new Db(new SqliteDialect(folder.At("t.db"))));
        Assert.Equal("store.lost", fault.Code);
        return fault;
    }
}
