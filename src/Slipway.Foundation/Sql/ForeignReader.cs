using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Natives;
using Slipway.Sdk;
using SQLitePCL;

namespace Slipway.Foundation.Sql;

/// <summary>
/// Reads a SQLite database of another program, for an importer. The file is not trusted: it is opened for reading only,
/// views and code in its schema are left alone, a value is bounded in size, and tables and columns that it does not have
/// are as if they were empty, as other versions of the program may lack them.
/// </summary>
public sealed class ForeignReader : IDisposable
{
    // From sqlite3.h: SQLITE_LIMIT_LENGTH. No text or blob, and no row, may be longer.
    private const int LengthLimit = 0;
    private const int LongestValueBytes = 64 << 20;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, HashSet<string>> tables = [];

    private ForeignReader(SqliteConnection connection) => this.connection = connection;

    public static ForeignReader Open(string file)
    {
        SqliteLibrary.Bind();
        var reader = new ForeignReader(
            new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            )
        );
        try
        {
            reader.Prepare();
            return reader;
        }
        catch (SqliteException e)
        {
            reader.Dispose();
            throw Unreadable(e);
        }
    }

    public bool Has(string table) => tables.ContainsKey(table);

    /// <summary>How many rows the table has that satisfy all of the conditions.</summary>
    public long Count(string table, params ReadOnlySpan<(string Column, object Value)> where)
    {
        if (!Has(table))
            return 0;
        using var command = Command($"select count(*) from {Quoted(table)}{Where(table, where)}", where);
        return Guarded(() => (long)command.ExecuteScalar()!);
    }

    /// <summary>The rows with these columns, in this order; a column that the table lacks is null in each row.</summary>
    public IEnumerable<ForeignRow> Rows(
        string table,
        IReadOnlyList<string> columns,
        IReadOnlyList<string> orderBy,
        params ReadOnlySpan<(string Column, object Value)> where
    )
    {
        if (!tables.TryGetValue(table, out var known))
            return [];
        var selected = columns.Select(column => known.Contains(column) ? Quoted(column) : "null");
        var order = orderBy.Where(known.Contains).Select(Quoted).ToList();
        return Read(
            Command(
                $"select {string.Join(", ", selected)} from {Quoted(table)}{Where(table, where)}"
                    + (order.Count == 0 ? "" : $" order by {string.Join(", ", order)}"),
                where
            )
        );
    }

    public void Dispose() => connection.Dispose();

    private void Prepare()
    {
        connection.Open();
        raw.sqlite3_limit(connection.Handle, LengthLimit, LongestValueBytes);
        using var pragmas = connection.CreateCommand();
        // Names in the schema call no functions that could do harm, and damaged pages are found when they are read.
        pragmas.CommandText =
            "pragma query_only = on; pragma trusted_schema = off; pragma cell_size_check = on; pragma temp_store = memory";
        pragmas.ExecuteNonQuery();
        using var columns = connection.CreateCommand();
        columns.CommandText =
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'";
        using var reader = columns.ExecuteReader();
        while (reader.Read())
        {
            if (!tables.TryGetValue(reader.GetString(0), out var known))
                tables.Add(reader.GetString(0), known = []);
            known.Add(reader.GetString(1));
        }
    }

    private SqliteCommand Command(string text, ReadOnlySpan<(string Column, object Value)> where)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < where.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"@p{i}"), where[i].Value);
        return command;
    }

    private string Where(string table, ReadOnlySpan<(string Column, object Value)> where)
    {
        var conditions = new List<string>();
        for (var i = 0; i < where.Length; i++)
            conditions.Add(
                tables[table].Contains(where[i].Column)
                    ? string.Create(CultureInfo.InvariantCulture, $"{Quoted(where[i].Column)} = @p{i}")
                    : "0"
            );
        return conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
    }

    private static IEnumerable<ForeignRow> Read(SqliteCommand command)
    {
        using (command)
        {
            using var reader = Guarded(command.ExecuteReader);
            var row = new ForeignRow(reader);
            while (Guarded(reader.Read))
                yield return row;
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw Unreadable(e);
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Fault Unreadable(SqliteException e) =>
        Fault.Invalid("import.database", $"The database cannot be read: {e.Message}");
}

/// <summary>The current row of a <see cref="ForeignReader"/>: whatever type a column has there, it is given as it is asked for.</summary>
public sealed class ForeignRow
{
    private readonly SqliteDataReader reader;

    internal ForeignRow(SqliteDataReader reader) => this.reader = reader;

    public string? Text(int column) =>
        raw.sqlite3_column_type(reader.Handle, column) switch
        {
            raw.SQLITE_NULL => null,
            // A half character, which no text of ours may have, becomes the sign for one.
            _ => raw.sqlite3_column_text(reader.Handle, column).utf8_to_string(),
        };

    /// <summary>Whether it has this text, found out without making a text of it.</summary>
    public bool Is(int column, string text)
    {
        Span<byte> expected = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(text, expected, out var length)
            && raw.sqlite3_column_blob(reader.Handle, column).SequenceEqual(expected[..length]);
    }

    public long? Whole(int column) => IsNumber(column) ? raw.sqlite3_column_int64(reader.Handle, column) : null;

    public double? Number(int column) => IsNumber(column) ? raw.sqlite3_column_double(reader.Handle, column) : null;

    private bool IsNumber(int column) =>
        raw.sqlite3_column_type(reader.Handle, column) is raw.SQLITE_INTEGER or raw.SQLITE_FLOAT;
}
