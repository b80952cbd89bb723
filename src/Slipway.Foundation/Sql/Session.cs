using System.Data.Common;

namespace Slipway.Foundation.Sql;

/// <summary>One open connection with the commands it has run, kept prepared: a text is parsed once per connection.</summary>
internal sealed class Session(Dialect dialect, DbConnection connection, bool forWriting) : IDisposable
{
    // Texts are constants of the stores, so this is a bound against mistakes, not a cache policy.
    private const int CommandLimit = 1000;

    /// <summary>How long a statement may take before the store counts as unreachable.</summary>
    internal const int UsualPatienceSeconds = 10;

    private readonly Dictionary<string, DbCommand> commands = [];

    public DbConnection Connection => connection;

    public DbTransaction? Transaction { get; private set; }

    /// <summary>How long a statement may take; a store that is cut off without a word counts as unreachable after it.</summary>
    public int PatienceSeconds { get; set; } = UsualPatienceSeconds;

    public static Session Open(Dialect dialect, bool forWriting) => new(dialect, dialect.Open(forWriting), forWriting);

    public void Begin() => Transaction = dialect.Begin(connection, forWriting);

    public void End()
    {
        Transaction?.Dispose();
        Transaction = null;
        PatienceSeconds = UsualPatienceSeconds;
    }

    public DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> args)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            if (commands.Count >= CommandLimit)
                DropCommands();
            command = connection.CreateCommand();
            command.CommandText = sql;
            commands.Add(sql, command);
        }
        command.Transaction = Transaction;
        command.CommandTimeout = PatienceSeconds;
        if (command.Parameters.Count != args.Length)
            AddParameters(command, args);
        for (var i = 0; i < args.Length; i++)
        {
            var parameter = command.Parameters[i];
            if (!parameter.ParameterName.AsSpan(1).SequenceEqual(args[i].Name))
                throw new InvalidOperationException(
                    $"'{args[i].Name}' is bound where this text had '{parameter.ParameterName}' before."
                );
            parameter.Value = Bindable(args[i].Value);
        }
        return command;
    }

    public void Dispose()
    {
        try
        {
            DropCommands();
            Transaction?.Dispose();
            connection.Dispose();
        }
        catch (Exception)
        {
            // After a failed sync SQLite has ended the transaction by itself, and the driver stumbles over that. The
            // handle is closed when it is collected.
        }
    }

    private static void AddParameters(DbCommand command, ReadOnlySpan<(string Name, object? Value)> args)
    {
        command.Parameters.Clear();
        foreach (var (name, _) in args)
        {
            var parameter = command.CreateParameter();
            // Without the sign the driver of SQLite would look for the name under each sign there is, at each use.
            parameter.ParameterName = $"@{name}";
            command.Parameters.Add(parameter);
        }
    }

    private void DropCommands()
    {
        foreach (var command in commands.Values)
            command.Dispose();
        commands.Clear();
    }

    private static object Bindable(object? value) =>
        value switch
        {
            null => DBNull.Value,
            string text => StoredText.Of(text),
            int number => (long)number,
            bool flag => flag ? 1L : 0L,
            _ => value,
        };
}
