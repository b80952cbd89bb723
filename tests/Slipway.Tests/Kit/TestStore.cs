using Npgsql;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Tests.Kit;

/// <summary>
/// A row store of its own for one test, with the tables of the rooms it names: a SQLite file, or a schema in the
/// PostgreSQL that SLIPWAY_TEST_POSTGRES names. A test that takes <see cref="Kinds"/> runs on each there is.
/// </summary>
public sealed class TestStore : IAsyncDisposable
{
    private static readonly string? Postgres = Environment.GetEnvironmentVariable("SLIPWAY_TEST_POSTGRES");

    private readonly Func<Dialect> dialect;
    private readonly string? schema;
    private readonly string? file;

    private TestStore(Func<Dialect> dialect, string? schema, string? file)
    {
        this.dialect = dialect;
        Db = new Db(dialect());
        this.schema = schema;
        this.file = file;
    }

    public static TheoryData<string> Kinds => string.IsNullOrEmpty(Postgres) ? ["sqlite"] : ["sqlite", "postgres"];

    public Db Db { get; }

    public static async Task<TestStore> OpenAsync(string kind, params IEnumerable<Room> rooms)
    {
        var store = kind == "sqlite" ? OpenSqlite() : OpenPostgres();
        var all = rooms.ToList();
        await Migrations.ApplyAsync(
            store.Db,
            all.Select(room => room.Migrations).OfType<MigrationSet>(),
            TimeProvider.System
        );
        await store.Db.WriteAsync(tx =>
        {
            foreach (var room in all)
                room.Seed?.Invoke(tx, TimeProvider.System);
        });
        return store;
    }

    /// <summary>The same store as another server sees it; the caller disposes of it first.</summary>
    public Db OpenAgain() => new(dialect());

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        if (schema is not null)
            Run($"drop schema {schema} cascade");
        foreach (var suffix in file is null ? [] : new[] { "", "-wal", "-shm", "-mark" })
            File.Delete(file + suffix);
    }

    private static TestStore OpenSqlite()
    {
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.db");
        return new TestStore(() => new SqliteDialect(path), schema: null, path);
    }

    private static TestStore OpenPostgres()
    {
        var name = $"test_{Guid.NewGuid():N}";
        Run($"create schema {name}");
        var connection = new NpgsqlConnectionStringBuilder(Postgres) { SearchPath = name };
        return new TestStore(() => new PostgresDialect(connection.ToString()), name, file: null);
    }

    private static void Run(string sql)
    {
        using var connection = new NpgsqlConnection(Postgres);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
