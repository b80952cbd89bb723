using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Slipway.Natives;
using Slipway.Sdk;

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

    /// <summary>The store may not be written; reads go on.</summary>
    ReadOnly,

    /// <summary>The store does not answer.</summary>
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

    /// <summary>Readers get one snapshot for all their statements; writers see what was committed last.</summary>
    internal abstract DbTransaction Begin(DbConnection connection, bool forWriting);

    /// <summary>The condition "column is one of the list bound as @parameter"; bind the list with <see cref="List"/>.</summary>
    public abstract string AnyOf(string column, string parameter);

    /// <summary>A list of texts or whole numbers as <see cref="AnyOf"/> wants it bound.</summary>
    public abstract object List<T>(IReadOnlyCollection<T> values);

    /// <summary>How a transaction keeps others from what it is about to change.</summary>
    public abstract LockTexts Locks { get; }

    /// <summary>How write transactions are numbered.</summary>
    internal abstract StampTexts Stamps { get; }

    /// <summary>What an operator asks of the database, and how all of its rows get into a backup and out of it.</summary>
    internal abstract StoreUpkeep Upkeep { get; }

    public abstract StoreFailure Classify(Exception exception);
}

/// <summary>
/// What a select ends with whose rows this transaction will change; what one ends with that claims rows and passes over
/// those of others; and the statement that takes a lock by @name, null where one writer makes it needless. All hold
/// until the transaction ends.
/// </summary>
public sealed record LockTexts(string Row, string Claim, string? Named);

/// <summary>
/// The statement that gives a write transaction its stamp, which grows over time; the query for the stamp from which on
/// a later snapshot may show rows that this snapshot does not; the query for what became of the transaction stamped
/// @stamp, asked on another connection (1 committed, 0 not, null undecided); and who is told of each durable stamp.
/// </summary>
internal sealed record StampTexts(string Next, string Horizon, string Outcome, Action<long>? Remember);

/// <summary>SQLite in WAL mode, every commit synced: one writer, readers on their own snapshots.</summary>
public sealed class SqliteDialect : Dialect, IDisposable
{
    // FULL: a commit is on the disk before it is acknowledged, also when the power fails.
    // No mmap: a failing disk should be an error of one statement, not the end of the process.
    private const string WriterPragmas =
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000; "
        + "pragma temp_store = memory; pragma cache_size = -65536; pragma wal_autocheckpoint = 4000; "
        + "create table if not exists foundation_commits (number bigint not null); "
        + "insert into foundation_commits (number) select 1 where not exists (select 1 from foundation_commits)";

    private const string ReaderPragmas =
        "pragma query_only = on; pragma busy_timeout = 5000; pragma temp_store = memory; pragma cache_size = -8192";

    private readonly string path;
    private readonly CommitMark mark;

    public SqliteDialect(string path)
    {
        SqliteLibrary.Bind();
        this.path = path;
        mark = new CommitMark(path);
        Stamps = new StampTexts(
            "update foundation_commits set number = number + 1 returning number",
            "select number + 1 from foundation_commits",
            "select number >= @stamp from foundation_commits",
            mark.Write
        );
    }

    public override string Name => "sqlite";

    public override LockTexts Locks { get; } = new(Row: "", Claim: "", Named: null);

    internal override StampTexts Stamps { get; }

    internal override StoreUpkeep Upkeep =>
        new(
            "select sqlite_version()",
            "pragma integrity_check",
            "select cast((julianday('now') - 2440587.5) * 86400000 as integer)",
            null,
            CopyTo,
            new SqliteDump(path, CopyTo)
        );

    public void Dispose() => mark.Dispose();

    internal override DbTransaction Begin(DbConnection connection, bool forWriting) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: !forWriting);

    internal override DbConnection Open(bool forWriting)
    {
        if (forWriting)
            mark.RefuseMissing();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                DefaultTimeout = Session.UsualPatienceSeconds,
                Mode = forWriting ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            }.ToString()
        );
        try
        {
            connection.Open();
            if (forWriting)
                RefuseForeign(connection);
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = forWriting ? WriterPragmas : ReaderPragmas;
            pragmas.ExecuteNonQuery();
            if (forWriting)
                Check(connection);
            return connection;
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    private void CopyTo(string file)
    {
        using var source = (SqliteConnection)Open(forWriting: false);
        using var target = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()
        );
        target.Open();
        source.BackupDatabase(target);
    }

    private void RefuseForeign(SqliteConnection connection)
    {
        using var foreign = connection.CreateCommand();
        foreign.CommandText =
            "select exists (select 1 from sqlite_master where type = 'table') "
            + "and not exists (select 1 from sqlite_master where name = 'foundation_commits')";
        if ((long)foreign.ExecuteScalar()! == 1)
            throw new Fault(
                FaultKind.Conflict,
                "setup.foreign_database",
                $"{path} is not a database of Slipway; nothing was changed in it.",
                "Choose another data folder: --data FOLDER"
            );
    }

    private void Check(SqliteConnection connection)
    {
        using var number = connection.CreateCommand();
        number.CommandText = "select number from foundation_commits";
        mark.RefuseOlder((long)number.ExecuteScalar()!);
    }

    public override string AnyOf(string column, string parameter) =>
        $"{column} in (select value from json_each(@{parameter}))";

    public override object List<T>(IReadOnlyCollection<T> values) =>
        System.Text.Json.JsonSerializer.Serialize(StoredText.OfAll(values));

    public override StoreFailure Classify(Exception exception) =>
        exception is not SqliteException e ? StoreFailure.None
        : e.SqliteExtendedErrorCode is 1555 or 2067 ? StoreFailure.Duplicate // constraint: primary key, unique
        : e.SqliteExtendedErrorCode is 1034 or 1290 ? StoreFailure.NotDurable // ioerr: fsync, dir_fsync
        : e.SqliteErrorCode switch
        {
            5 or 6 => StoreFailure.Contention, // busy, locked
            13 => StoreFailure.Full,
            8 => StoreFailure.ReadOnly,
            10 when e.SqliteExtendedErrorCode == 778 => StoreFailure.ReadOnly, // ioerr: write
            10 when e.SqliteExtendedErrorCode == 4874 => StoreFailure.Full, // ioerr: shmsize
            10 or 14 => StoreFailure.Unreachable, // ioerr, cantopen
            11 or 26 => StoreFailure.Corrupt, // corrupt, notadb
            _ => StoreFailure.None,
        };
}

/// <summary>PostgreSQL: several servers may share it; each writes in groups through one connection.</summary>
public sealed class PostgresDialect(string connectionString) : Dialect
{
    public override string Name => "postgres";

    internal const string CommitsTable = "foundation_commits";

    // A commit that still runs holds a connection that nobody reads from any more: it is ended, and then asked for again.
    private const string OutcomeQuery = """
        select case
          when xid::text::bigint >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint then 0
          when pg_xact_status(xid) = 'committed' then 1
          when pg_xact_status(xid) = 'aborted' then 0
          else (select null::int from pg_stat_activity where backend_xid = xid::xid and pg_terminate_backend(pid))
        end
        from (select (@stamp - number)::text::xid8 as xid from foundation_commits) as transactions
        """;

    // The number is added to transaction ids, so that stamps go on rising when the tables move to another cluster,
    // whose ids start again: by more than a cluster gives out in its life.
    private const string PrepareWriter = """
        select pg_advisory_xact_lock(hashtext('foundation_commits'));
        create table if not exists foundation_commits (number bigint not null, cluster text not null);
        insert into foundation_commits (number, cluster)
          select 0, system_identifier::text from pg_control_system() where not exists (select 1 from foundation_commits);
        update foundation_commits set number = number + (1::bigint << 40), cluster = system_identifier::text
          from pg_control_system() where cluster <> system_identifier::text;
        set lock_timeout = '300ms'; -- short, because a whole group waits: who meets a lock is put off and comes back
        """;

    public override LockTexts Locks { get; } =
        new("for update", "for update skip locked", "select pg_advisory_xact_lock(hashtext(@name))");

    // Transactions below the snapshot's xmin have ended and are visible; any other may still commit.
    internal override StampTexts Stamps { get; } =
        new(
            "select pg_current_xact_id()::text::bigint + number from foundation_commits",
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + number from foundation_commits",
            OutcomeQuery,
            Remember: null
        );

    internal override StoreUpkeep Upkeep =>
        new(
            "show server_version",
            null,
            "select (extract(epoch from clock_timestamp()) * 1000)::bigint",
            "select count(*) from pg_stat_replication where current_setting('synchronous_standby_names') = ''",
            null,
            new PostgresDump(this)
        );

    internal override DbConnection Open(bool forWriting)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ApplicationName = "slipway",
            Timeout = 5,
            CommandTimeout = Session.UsualPatienceSeconds,
        };
        // A server of ours that is cut off in mid-transaction must not hold its locks for longer than it would wait itself.
        settings.Options += forWriting
            ? " -c synchronous_commit=on -c tcp_user_timeout=10000 -c idle_in_transaction_session_timeout=30000"
            : " -c default_transaction_read_only=on";
        var connection = new NpgsqlConnection(settings.ToString());
        try
        {
            connection.Open();
            if (!forWriting)
                return connection;
            using var prepare = connection.CreateCommand();
            prepare.CommandText = PrepareWriter;
            prepare.ExecuteNonQuery();
            return connection;
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    internal override DbTransaction Begin(DbConnection connection, bool forWriting)
    {
        // The driver closes a connection that broke under it, and then takes its use for a mistake of the program.
        if (connection.State != ConnectionState.Open)
            throw new NpgsqlException("The connection was lost.");
        return connection.BeginTransaction(forWriting ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead);
    }

    public override string AnyOf(string column, string parameter) => $"{column} = any(@{parameter})";

    public override object List<T>(IReadOnlyCollection<T> values) => StoredText.OfAll(values);

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
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => StoreFailure.ReadOnly,
            PostgresException { SqlState: "XX001" or "XX002" } => StoreFailure.Corrupt,
            // The server ends, the session was ended, or there is no room for another: 57P.., 08..., 53300, 25P03.
            PostgresException e
                when e.SqlState.StartsWith("57P", StringComparison.Ordinal)
                    || e.SqlState.StartsWith("08", StringComparison.Ordinal)
                    || e.SqlState is PostgresErrorCodes.TooManyConnections or "25P03" => StoreFailure.Unreachable,
            PostgresException => StoreFailure.None,
            // The third comes from the driver when a connection breaks while it is being given up.
            NpgsqlException or TimeoutException or ObjectDisposedException => StoreFailure.Unreachable,
            _ => StoreFailure.None,
        };
}
