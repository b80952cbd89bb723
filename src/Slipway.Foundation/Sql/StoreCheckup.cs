using System.Data.Common;

namespace Slipway.Foundation.Sql;

/// <summary>What a look at a store shows without changing it.</summary>
public sealed record StoreCheckup(
    string Version,
    string? Damage,
    IReadOnlyList<string>? Pending,
    long ClockMs,
    long LastUpgradeMs
)
{
    /// <summary>Looks at the store; damage too great for a look is a fault, and whatever else keeps it from opening comes
    /// out as the driver's own exception.</summary>
    public static StoreCheckup Of(Dialect dialect, IEnumerable<MigrationSet> sets)
    {
        try
        {
            return Look(dialect, sets);
        }
        catch (Exception e) when (dialect.Classify(e) == StoreFailure.Corrupt)
        {
            throw StoreFaults.CannotOpen(dialect, e);
        }
    }

    private static StoreCheckup Look(Dialect dialect, IEnumerable<MigrationSet> sets)
    {
        using var session = Session.Open(dialect, forWriting: false);
        session.PatienceSeconds = 0; // reading every page of a large database takes its time
        var version = Text(session, dialect.Upkeep.VersionQuery);
        var findings = dialect.Upkeep.IntegrityQuery is { } query ? Text(session, query) : "ok";
        var applied = Applied(session);
        return new StoreCheckup(
            version,
            findings == "ok" ? null : findings,
            applied is null ? null : [.. PendingOf(sets, applied)],
            Convert.ToInt64(session.Command(dialect.Upkeep.ClockQuery, []).ExecuteScalar(), null),
            applied is { Count: > 0 } ? applied.Values.Max() : 0
        );
    }

    private static string Text(Session session, string query)
    {
        using var reader = session.Command(query, []).ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        return string.Join("; ", lines);
    }

    /// <summary>When each migration was applied; null where nothing was yet.</summary>
    private static Dictionary<(string, int), long>? Applied(Session session)
    {
        try
        {
            using var reader = session
                .Command("select slice, number, applied_ms from foundation_migrations", [])
                .ExecuteReader();
            var applied = new Dictionary<(string, int), long>();
            while (reader.Read())
                applied.Add((reader.GetString(0), (int)reader.GetInt64(1)), reader.GetInt64(2));
            return applied;
        }
        catch (DbException)
        {
            return null;
        }
    }

    private static IEnumerable<string> PendingOf(
        IEnumerable<MigrationSet> sets,
        Dictionary<(string, int), long> applied
    ) =>
        sets.SelectMany(set => set.Read())
            .Where(migration => !applied.ContainsKey((migration.Slice, migration.Number)))
            .Select(migration => $"{migration.Slice}/{migration.File}");
}

/// <summary>
/// What an operator asks of a database: its version as text, what is damaged ("ok" when nothing; null where the database
/// sees to that itself), its time in milliseconds since 1970, how many copies follow it that may lack what was committed last (null
/// where there are no such copies), a copy of everything as it is at one moment, in a file
/// (null where that is done with the database's own tools), and its rows as a backup keeps them.
/// </summary>
internal sealed record StoreUpkeep(
    string VersionQuery,
    string? IntegrityQuery,
    string ClockQuery,
    string? LaggardsQuery,
    Action<string>? CopyTo,
    StoreDump Dump
);
