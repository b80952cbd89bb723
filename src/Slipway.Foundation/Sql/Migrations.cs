using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>The numbered .sql files of one slice, embedded beside its stores.</summary>
public sealed partial record MigrationSet(string Slice, Assembly Assembly, string Folder)
{
    /// <summary>The tables that the migrations make, in that order.</summary>
    public IReadOnlyList<string> Tables() =>
        [
            .. Read()
                .SelectMany(migration => TableNames().Matches(migration.Text))
                .Select(match => match.Groups["table"].Value)
                .Distinct(StringComparer.Ordinal),
        ];

    [GeneratedRegex(
        @"^create table (if not exists )?(?<table>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TableNames();

    internal IEnumerable<Migration> Read()
    {
        var prefix = Folder + ".";
        return Assembly
            .GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(Assembly.GetManifestResourceStream(name)!);
                var file = name[prefix.Length..];
                return new Migration(
                    Slice,
                    int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture),
                    file,
                    reader.ReadToEnd()
                );
            });
    }
}

internal sealed record Migration(string Slice, int Number, string File, string Text)
{
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The statements meant for a database; a line "-- only: postgres" or "-- only: sqlite" guards the statement after it.</summary>
    public IEnumerable<string> StatementsFor(string database)
    {
        foreach (
            var statement in Text.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var only = statement
                .Split('\n')
                .Select(line => line.Trim())
                .FirstOrDefault(line => line.StartsWith("-- only:", StringComparison.Ordinal));
            if (only is null || only["-- only:".Length..].Trim() == database)
                yield return statement;
        }
    }
}

/// <summary>A migration that a database went through.</summary>
internal sealed record AppliedMigration(string Slice, int Number, string Checksum);

/// <summary>
/// Brings a database to this version's schema: forward only, each file in its own transaction together with its line in
/// <c>foundation_migrations</c>, so a kill in between leaves a state from which the next start goes on.
/// </summary>
public static class Migrations
{
    internal const string LedgerTable = "foundation_migrations";

    private const string Ledger =
        $"create table if not exists {LedgerTable} (slice text not null, number bigint not null, file text not null, "
        + "checksum text not null, applied_ms bigint not null, primary key (slice, number))";

    /// <summary>Applies what is missing; first, once, it calls <paramref name="beforeUpgrade"/> where an older version has used the database.</summary>
    public static async Task ApplyAsync(
        Db db,
        IEnumerable<MigrationSet> sets,
        TimeProvider clock,
        Action? beforeUpgrade = null
    )
    {
        var applied = await AppliedAsync(db);
        var known = sets.SelectMany(set => set.Read()).ToList();
        RefuseNewerDatabase(applied, known);
        if (applied.Count > 0 && known.Exists(m => !applied.ContainsKey((m.Slice, m.Number))))
            beforeUpgrade?.Invoke();
        foreach (var migration in known)
        {
            if (applied.TryGetValue((migration.Slice, migration.Number), out var checksum))
            {
                if (checksum != migration.Checksum)
                    throw Fault.Internal(
                        "store.migration_changed",
                        $"Migration {migration.Slice}/{migration.File} was applied to this database with another text than this program has.",
                        "Start the version of Slipway that this database was last used with."
                    );
                continue;
            }
            await AloneAsync(db, tx => Apply(tx, migration, clock));
        }
    }

    /// <summary>Runs a piece of work on the schema when no other server does, however long that one takes.</summary>
    private static async Task<T> AloneAsync<T>(Db db, Func<Tx, T> work)
    {
        while (true)
        {
            try
            {
                return await db.WriteAsync(tx =>
                {
                    tx.TakeYourTime();
                    tx.Lock("migrations");
                    return work(tx);
                });
            }
            catch (Fault fault) when (fault.Kind == FaultKind.Busy)
            {
                // Another server is at it; when it ends, by success or by death, it is our turn.
            }
        }
    }

    /// <summary>All tables of a store that these make.</summary>
    internal static HashSet<string> TablesOf(IEnumerable<MigrationSet> sets) =>
        [LedgerTable, PostgresDialect.CommitsTable, .. sets.SelectMany(set => set.Tables())];

    /// <summary>The migrations that the rows of this snapshot went through.</summary>
    internal static List<AppliedMigration> Applied(Tx tx) =>
        tx.Many(
            "select slice, number, checksum from foundation_migrations order by slice, number",
            r => new AppliedMigration(r.Text(0), r.Int(1), r.Text(2))
        );

    /// <summary>Makes the tables as they were after these migrations, in an empty store.</summary>
    internal static void Lay(Tx tx, IReadOnlyList<Migration> migrations)
    {
        tx.Execute(Ledger);
        foreach (var statement in migrations.SelectMany(migration => migration.StatementsFor(tx.Dialect.Name)))
            tx.Execute(statement);
    }

    private static int Apply(Tx tx, Migration migration, TimeProvider clock)
    {
        var done = tx.One(
            "select 1 from foundation_migrations where slice = @slice and number = @number",
            _ => true,
            ("slice", migration.Slice),
            ("number", migration.Number)
        );
        if (done)
            return 0;
        foreach (var statement in migration.StatementsFor(tx.Dialect.Name))
            tx.Execute(statement);
        return tx.Execute(
            "insert into foundation_migrations (slice, number, file, checksum, applied_ms) values (@slice, @number, @file, @checksum, @applied_ms)",
            ("slice", migration.Slice),
            ("number", migration.Number),
            ("file", migration.File),
            ("checksum", migration.Checksum),
            ("applied_ms", clock.GetUtcNow().ToUnixTimeMilliseconds())
        );
    }

    private static Task<Dictionary<(string, int), string>> AppliedAsync(Db db) =>
        AloneAsync(
            db,
            tx =>
            {
                tx.Execute(Ledger);
                return tx.Many(
                        "select slice, number, checksum from foundation_migrations",
                        r => (Key: (r.Text(0), r.Int(1)), Checksum: r.Text(2))
                    )
                    .ToDictionary(m => m.Key, m => m.Checksum);
            }
        );

    private static void RefuseNewerDatabase(
        Dictionary<(string Slice, int Number), string> applied,
        List<Migration> known
    )
    {
        var unknown = applied
            .Keys.Where(key => !known.Any(m => m.Slice == key.Slice && m.Number == key.Number))
            .ToList();
        if (unknown.Count > 0)
            throw Fault.Conflict(
                "store.newer",
                $"This data was written by a newer Slipway: it has the migration {unknown[0].Slice}/{unknown[0].Number:0000}, which this program does not know.",
                "Start the newer version, or restore the backup made before the upgrade."
            );
    }
}
