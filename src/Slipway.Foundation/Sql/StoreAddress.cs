using Npgsql;
using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>Reads what people write after <c>--store</c>: nothing (a SQLite file), a postgres:// address, or Npgsql's own key=value form.</summary>
public static class StoreAddress
{
    public static Dialect ToDialect(string? address, string sqliteFile)
    {
        if (address is null)
            return new SqliteDialect(sqliteFile);
        var isUri =
            address.StartsWith("postgres://", StringComparison.Ordinal)
            || address.StartsWith("postgresql://", StringComparison.Ordinal);
        if (!isUri && !address.Contains('='))
            throw Unreadable("it is neither postgres://… nor Host=…;Database=…");
        try
        {
            var settings = isUri ? FromUri(address) : new NpgsqlConnectionStringBuilder(address);
            return settings.Host is { Length: > 0 }
                ? new PostgresDialect(settings.ToString())
                : throw Unreadable("it names no host");
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or FormatException)
        {
            throw Unreadable(e.Message);
        }
    }

    /// <summary>Like <see cref="ToDialect"/>, for commands that work on what a server has stored.</summary>
    public static Dialect ToExisting(string? address, string sqliteFile) =>
        address is not null || File.Exists(sqliteFile)
            ? ToDialect(address, sqliteFile)
            : throw Fault.NotFound("setup.no_store", $"There is no database at {sqliteFile}.");

    private static NpgsqlConnectionStringBuilder FromUri(string address)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlDefaultPort,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2)
            settings.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            // libpq spells what Npgsql calls "SSL Mode" in one word; Npgsql knows that spelling as well.
            settings[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
        }
        return settings;
    }

    private const int NpgsqlDefaultPort = 5432;

    // The address may hold a password, so it is never repeated.
    private static Fault Unreadable(string why) =>
        Fault.Invalid(
            "setup.store_address",
            $"The address of the store cannot be read: {why}.",
            field: "--store",
            hint: "Write it as postgres://user:password@host:5432/database"
        );
}
