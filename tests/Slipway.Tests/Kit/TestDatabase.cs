using Npgsql;

namespace Slipway.Tests.Kit;

/// <summary>
/// A place of its own for the rows of a server that a test starts: by default the file in its data folder, or a
/// database in the PostgreSQL that SLIPWAY_TEST_POSTGRES names.
/// </summary>
public sealed class TestDatabase : IDisposable
{
    private readonly string? name;

    private TestDatabase(string? name) => this.name = name;

    /// <summary>What to add to the options of every command that works on it.</summary>
    public IReadOnlyList<string> Options => name is null ? [] : ["--store", Address];

    /// <summary>Its address, where it is one of PostgreSQL.</summary>
    private string Address => new NpgsqlConnectionStringBuilder(Server) { Database = name }.ToString();

    private static string Server => Environment.GetEnvironmentVariable("SLIPWAY_TEST_POSTGRES")!;

    /// <summary>An empty one, of one of <see cref="TestStore.Kinds"/>.</summary>
    public static TestDatabase Create(string kind)
    {
        if (kind == "sqlite")
            return new TestDatabase(null);
        var database = new TestDatabase($"test_{Guid.NewGuid():N}");
        Run(Server, $"create database {database.name}");
        return database;
    }

    public void Dispose()
    {
        if (name is not null)
            Run(Server, $"drop database {name} with (force)");
    }

    /// <summary>Runs a statement behind the server's back.</summary>
    public void Run(string sql) => Run(Address, sql);

    public object? Ask(string query) => Run(Address, query, command => command.ExecuteScalar());

    private static void Run(string address, string sql) => Run(address, sql, command => command.ExecuteNonQuery());

    private static T Run<T>(string address, string sql, Func<NpgsqlCommand, T> with)
    {
        using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ToString()
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return with(command);
    }
}
