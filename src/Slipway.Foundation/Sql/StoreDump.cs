using System.Text.Json;
using Npgsql;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>All rows of a store as files in a folder: how a backup takes them, and how a restore brings them back.</summary>
internal abstract class StoreDump
{
    /// <summary>Writes the named tables as they are at one moment, beside whoever uses them.</summary>
    public abstract void Write(string folder, IReadOnlySet<string> tables);

    /// <summary>Whether nothing is stored here.</summary>
    public abstract bool IsEmpty();

    /// <summary>
    /// Puts the files in the place of what the named tables hold; nobody may use them meanwhile. A kill leaves the old
    /// state, the new one, or one that refuses to start.
    /// </summary>
    public abstract void Read(string folder, IReadOnlyList<Migration> migrations, IReadOnlySet<string> tables);
}

internal sealed class SqliteDump(string path, Action<string> copyTo) : StoreDump
{
    private const string FileName = "slipway.db";

    public override void Write(string folder, IReadOnlySet<string> tables)
    {
        var copy = Path.Combine(folder, FileName);
        copyTo(copy);
        // A backup of a damaged database would be found out on the day it is needed.
        using var dialect = new SqliteDialect(copy);
        using var session = Session.Open(dialect, forWriting: false);
        session.PatienceSeconds = 0;
        if (session.Command(dialect.Upkeep.IntegrityQuery!, []).ExecuteScalar() is not "ok")
            throw StoreFaults.Damaged();
    }

    public override bool IsEmpty() => !File.Exists(path) && !File.Exists(CommitMark.FileOf(path));

    public override void Read(string folder, IReadOnlyList<Migration> migrations, IReadOnlySet<string> tables)
    {
        // Until its end the mark of the old database stands, and refuses a server on what is half replaced.
        File.Delete(path);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(Path.Combine(folder, FileName), path);
        File.Delete(CommitMark.FileOf(path));
    }
}

/// <summary>One file per table in PostgreSQL's binary copy format, which any newer version reads.</summary>
internal sealed class PostgresDump(PostgresDialect dialect) : StoreDump
{
    private const string TableList = "tables.json";

    // In the order in which they were made, so that tables come after those they refer to.
    private const string TablesQuery = """
        select c.relname, string_agg(a.attname, ',' order by a.attnum),
          max(a.attname) filter (where a.attidentity <> '')
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
        group by c.oid, c.relname order by c.oid
        """;

    private const string OthersQuery =
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'slipway' and pid <> pg_backend_pid()";

    public override void Write(string folder, IReadOnlySet<string> tables)
    {
        using var session = Session.Open(dialect, forWriting: false);
        session.PatienceSeconds = 0;
        session.Begin();
        var ours = Tables(session).Where(table => tables.Contains(table.Name)).ToList();
        File.WriteAllBytes(Path.Combine(folder, TableList), JsonSerializer.SerializeToUtf8Bytes(ours));
        foreach (var table in ours)
        {
            using var rows = Connection(session)
                .BeginRawBinaryCopy($"copy {table.Name} ({table.Columns}) to stdout (format binary)");
            using var file = File.Create(FileOf(folder, table));
            rows.CopyTo(file);
        }
    }

    public override bool IsEmpty()
    {
        using var session = Session.Open(dialect, forWriting: false);
        session.Begin();
        return !Tables(session).Exists(table => table.Name == Migrations.LedgerTable);
    }

    public override void Read(string folder, IReadOnlyList<Migration> migrations, IReadOnlySet<string> tables)
    {
        using var session = Session.Open(dialect, forWriting: true);
        session.PatienceSeconds = 0;
        session.Begin();
        if ((long)session.Command(OthersQuery, []).ExecuteScalar()! > 0)
            throw Fault.Conflict(
                "restore.in_use",
                "A Slipway server is connected to this database.",
                "Stop all servers that use it first."
            );
        // All of it in one transaction: what was there stays until everything new is there.
        var old = Tables(session)
            .Where(table => tables.Contains(table.Name) && table.Name != PostgresDialect.CommitsTable)
            .ToList();
        if (old.Count > 0)
            Run(session, $"drop table {string.Join(", ", old.Select(table => table.Name))}");
        Migrations.Lay(Tx.ForWriting(session, dialect, stamp: 0), migrations);
        var kept = JsonSerializer.Deserialize<List<Table>>(File.ReadAllBytes(Path.Combine(folder, TableList)))!;
        Run(session, $"truncate {string.Join(", ", kept.Select(table => table.Name))}");
        foreach (var table in kept)
        {
            using var rows = Connection(session)
                .BeginRawBinaryCopy($"copy {table.Name} ({table.Columns}) from stdin (format binary)");
            using var file = File.OpenRead(FileOf(folder, table));
            file.CopyTo(rows);
        }
        foreach (var table in kept.Where(table => table.Counter is not null))
            Run(
                session,
                $"select setval(pg_get_serial_sequence('{table.Name}', '{table.Counter}'), coalesce(max({table.Counter}), 0) + 1, false) from {table.Name}"
            );
        session.Transaction!.Commit();
    }

    private static List<Table> Tables(Session session)
    {
        using var reader = session.Command(TablesQuery, []).ExecuteReader();
        var tables = new List<Table>();
        while (reader.Read())
            tables.Add(
                new Table(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2))
            );
        return tables;
    }

    private static void Run(Session session, string statement) => session.Command(statement, []).ExecuteNonQuery();

    private static NpgsqlConnection Connection(Session session) => (NpgsqlConnection)session.Connection;

    private static string FileOf(string folder, Table table) => Path.Combine(folder, table.Name + ".rows");

    /// <summary>A table; its counter is the column that the database numbers itself.</summary>
    private sealed record Table(string Name, string Columns, string? Counter);
}
