namespace Slipway.Foundation.Sql;

/// <summary>
/// A transaction in which stores run their SQL. Texts are constants; values are always bound by name, and one
/// text is always given the same names in the same order. Work may be run again after a conflict, so it changes nothing outside the transaction
/// except through <see cref="AfterCommit"/>.
/// </summary>
public sealed class Tx
{
    private readonly Session session;
    private readonly bool reading;
    private List<Action>? afterCommit;

    private Tx(Session session, Dialect dialect, bool reading, long stamp)
    {
        this.session = session;
        this.reading = reading;
        Dialect = dialect;
        Stamp = stamp;
    }

    public Dialect Dialect { get; }

    /// <summary>Marks rows written by this transaction, for readers that follow changes; see <see cref="Horizon"/>.</summary>
    public long Stamp { get; }

    internal static Tx ForReading(Session session, Dialect dialect) => new(session, dialect, reading: true, stamp: 0);

    internal static Tx ForWriting(Session session, Dialect dialect, long stamp) =>
        new(session, dialect, reading: false, stamp);

    /// <summary>
    /// A follower that has seen this snapshot has to read, next time, the rows stamped from this value on. Some of them
    /// it may have seen already; none that it has not seen is stamped lower.
    /// </summary>
    public long Horizon()
    {
        var horizon = One(Dialect.Stamps.Horizon, r => r.Long(0));
        return reading ? horizon : Math.Min(horizon, Stamp); // rows of this very transaction may still come
    }

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> args) =>
        session.Command(sql, args).ExecuteNonQuery();

    /// <summary>The first row, or the default where there is none.</summary>
    public T? One<T>(string sql, Func<Row, T> map, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        using var reader = session.Command(sql, args).ExecuteReader();
        return reader.Read() ? map(new Row(reader)) : default;
    }

    public List<T> Many<T>(string sql, Func<Row, T> map, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        using var reader = session.Command(sql, args).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(new Row(reader)));
        return rows;
    }

    /// <summary>Reads rows one by one without keeping them.</summary>
    public void Each(string sql, Action<Row> visit, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        using var reader = session.Command(sql, args).ExecuteReader();
        while (reader.Read())
            visit(new Row(reader));
    }

    /// <summary>Takes a lock by name that all servers on this database respect, until the transaction ends.</summary>
    public void Lock(string name)
    {
        if (Dialect.Locks.Named is { } statement)
            Execute(statement, ("name", name));
    }

    /// <summary>Runs once what the transaction has seen and done is durable (at once when it only reads); else not at all.</summary>
    public void AfterCommit(Action action)
    {
        if (reading)
            action();
        else
            (afterCommit ??= []).Add(action);
    }

    /// <summary>Lets the statements of this transaction take as long as they need, as the change of a schema may.</summary>
    internal void TakeYourTime() => session.PatienceSeconds = 0;

    internal void Committed()
    {
        foreach (var action in afterCommit ?? [])
            action();
    }
}
