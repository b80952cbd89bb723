using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Slipway.Natives;

namespace Slipway.Foundation.Sql;

/// <summary>What a failed statement or commit means for the work that ran into it.</summary>
public enum StoreFailure
{
    /// <summary>A defect: not something the store does by itself.</summary>
    None,

    /// <summary>A unique key is taken.</summary>
    Duplicate,

    /// <summary>A lock, a deadlock or a serialization conflict: the same work may succeed when run again.</summary>
    Contention,

    /// <summary>No space is left; reads go on.</summary>
    Full,

    /// <summary>The store may not be written, or does not answer.</summary>
    Unreachable,

    /// <summary>The file is not what a database should be.</summary>
    Corrupt,

    /// <summary>The operating system could not make a write durable; what it holds is unknown, so the process has to end.</summary>
    NotDurable,
}

/// <summary>
/// Everything in which SQLite and PostgreSQL differ for us. One SQL text per query serves both; where a text needs a
/// piece that differs, it takes it from here, and nobody else asks which database runs.
/// </summary>
public abstract class Dialect
{
    /// <summary>"sqlite" or "postgres", as in the "-- only:" lines of migrations.</summary>
    public abstract string Name { get; }

    internal abstract DbConnection Open(bool forWriting);

    /// <summary>Begins a transaction on a connection of <see cref="Open"/>; one for reading sees a single snapshot.</summary>
    internal abstract DbTransaction Begin(DbConnection connection, bool forWriting);

    /// <summary>The condition "column is one of the list bound as @parameter"; bind the list with <see cref="List"/>.</summary>
    public abstract string AnyOf(string column, string parameter);

    /// <summary>A list of texts or whole numbers as <see cref="AnyOf"/> wants it bound.</summary>
    public abstract object List<T>(IReadOnlyCollection<T> values);

    /// <summary>What a select ends with whose rows this transaction will change.</summary>
    public abstract string LockRow { get; }

    /// <summary>What a select that claims rows for this transaction ends with.</summary>
    public abstract string ClaimRow { get; }

    /// <summary>Takes a lock by name until the transaction ends; null where one writer makes it needless.</summary>
    internal abstract string? LockStatement { get; }

    /// <summary>Gives this write transaction's stamp: grows over time, and decides what <see cref="HorizonQuery"/> covers.</summary>
    internal abstract string StampStatement { get; }

    /// <summary>Gives the stamp from which on a later snapshot may show rows that this snapshot does not.</summary>
    internal abstract string HorizonQuery { get; }

    public abstract StoreFailure Classify(Exception exception);
}

/// <summary>SQLite in WAL mode, every commit synced: one writer, readers on their own snapshots.</summary>
public sealed class SqliteDialect : Dialect
{
    private readonly string path;

    public SqliteDialect(string path)
    {
        SqliteLibrary.Bind();
        this.path = path;
    }

    public override string Name => "sqlite";

    public override string LockRow => "";

    public override string ClaimRow => "";

    internal override string? LockStatement => null;

    internal override string StampStatement => "update foundation_commits set number = number + 1 returning number";

    internal override string HorizonQuery => "select number + 1 from foundation_commits";

    internal override DbConnection Open(bool forWriting)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 30,
        };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        using var pragmas = connection.CreateCommand();
        // FULL: a commit is on the disk before it is acknowledged, also when the power fails.
        // No mmap: a failing disk should be an error of one statement, not the end of the process.
        pragmas.CommandText = forWriting
            ? "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000; "
                + "pragma temp_store = memory; pragma cache_size = -65536; pragma wal_autocheckpoint = 4000; "
                + "create table if not exists foundation_commits (number bigint not null); "
                + "insert into foundation_commits (number) select 1 where not exists (select 1 from foundation_commits)"
            : "pragma query_only = on; pragma busy_timeout = 5000; pragma temp_store = memory; pragma cache_size = -8192";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    internal override DbTransaction Begin(DbConnection connection, bool forWriting) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: !forWriting);

    public override string AnyOf(string column, string parameter) =>
        $"{column} in (select value from json_each(@{parameter}))";

    public override object List<T>(IReadOnlyCollection<T> values) => System.Text.Json.JsonSerializer.Serialize(values);

    public override StoreFailure Classify(Exception exception) =>
        exception is not SqliteException e ? StoreFailure.None
        : e.SqliteExtendedErrorCode is 1555 or 2067 ? StoreFailure.Duplicate // constraint: primary key, unique
        : e.SqliteExtendedErrorCode is 1034 or 1290 ? StoreFailure.NotDurable // ioerr: fsync, dir_fsync
        : e.SqliteErrorCode switch
        {
            5 or 6 => StoreFailure.Contention, // busy, locked
            13 => StoreFailure.Full,
            8 or 10 or 14 => StoreFailure.Unreachable, // readonly, ioerr, cantopen
            11 or 26 => StoreFailure.Corrupt, // corrupt, notadb
            _ => StoreFailure.None,
        };
}

/// <summary>PostgreSQL: several servers may share it; each writes in groups through one connection.</summary>
public sealed class PostgresDialect(string connectionString) : Dialect
{
    public override string Name => "postgres";

    public override string LockRow => "for update";

    public override string ClaimRow => "for update skip locked";

    internal override string? LockStatement => "select pg_advisory_xact_lock(hashtext(@name))";

    internal override string StampStatement => "select pg_current_xact_id()::text::bigint";

    // Transactions below the snapshot's xmin have ended and are visible; any other may still commit.
    internal override string HorizonQuery => "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

    internal override DbConnection Open(bool forWriting)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ApplicationName = "slipway",
            Timeout = 5,
            CommandTimeout = 30,
            Options = forWriting ? "-c lock_timeout=5s" : "-c default_transaction_read_only=on",
        };
        var connection = new NpgsqlConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    internal override DbTransaction Begin(DbConnection connection, bool forWriting) =>
        connection.BeginTransaction(forWriting ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead);

    public override string AnyOf(string column, string parameter) => $"{column} = any(@{parameter})";

    public override object List<T>(IReadOnlyCollection<T> values) => values.ToArray();

    public override StoreFailure Classify(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => StoreFailure.Duplicate,
            PostgresException
            {
                SqlState: PostgresErrorCodes.DeadlockDetected
                    or PostgresErrorCodes.SerializationFailure
                    or PostgresErrorCodes.LockNotAvailable
            } => StoreFailure.Contention,
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StoreFailure.Full,
            PostgresException { SqlState: "XX001" or "XX002" } => StoreFailure.Corrupt,
            PostgresException e when e.SqlState.StartsWith("57P", StringComparison.Ordinal) => StoreFailure.Unreachable,
            PostgresException => StoreFailure.None,
            NpgsqlException or TimeoutException => StoreFailure.Unreachable,
            _ => StoreFailure.None,
        };
}
