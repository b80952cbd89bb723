using System.Collections.Frozen;
using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

/// <summary>A user as signing in needs them.</summary>
internal sealed record Person(
    long Number,
    string Name,
    string PasswordHash,
    IReadOnlyList<(long Number, string Workspace)> Roles
);

internal sealed record TokenEntry(long UserNumber, string Workspace, long CreatedMs, long? ExpiresMs)
{
    /// <summary>How far the clocks of two servers may be apart.</summary>
    private const long ClocksApartMs = 600_000;

    /// <summary>A token that ends is good from when it was made: one made while the clock was ahead would else live on for as long.</summary>
    public bool IsGoodAt(long nowMs) =>
        ExpiresMs is not { } endMs || (nowMs < endMs && nowMs >= CreatedMs - ClocksApartMs);
}

/// <summary>Everybody who can sign in, and how, as of one moment.</summary>
internal sealed record People(
    long Version,
    FrozenDictionary<string, Person> ByName,
    FrozenDictionary<long, Person> ByNumber,
    FrozenDictionary<string, TokenEntry> Tokens,
    FrozenSet<string> Workspaces
);

internal readonly record struct GrantChange(Holder Holder, string Workspace, Resource Resource, Level? Level);

/// <summary>Reads what decides about access, all of it or what has changed.</summary>
internal static class AccessStore
{
    public static People ReadPeople(Tx tx)
    {
        // The number first: what changes after it was read is read again next time.
        var version = PeopleVersion.Read(tx);
        var roles = tx.Many(
                "select m.user_no, m.role_no, r.workspace from identity_members m join identity_roles r on r.role_no = m.role_no",
                r => (User: r.Long(0), Role: (Number: r.Long(1), Workspace: r.Text(2)))
            )
            .ToLookup(m => m.User, m => m.Role);
        var people = tx.Many(
            "select user_no, name, password from identity_users",
            r => new Person(r.Long(0), r.Text(1), r.Text(2), [.. roles[r.Long(0)]])
        );
        var tokens = tx.Many(
            "select hash, user_no, workspace, created_ms, expires_ms from identity_tokens",
            r => KeyValuePair.Create(r.Text(0), new TokenEntry(r.Long(1), r.Text(2), r.Long(3), r.LongOrNull(4)))
        );
        return new People(
            version,
            people.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal),
            people.ToFrozenDictionary(p => p.Number),
            tokens.ToFrozenDictionary(StringComparer.Ordinal),
            WorkspaceStore.All(tx).Select(w => w.Name).ToFrozenSet(StringComparer.Ordinal)
        );
    }

    public static List<GrantChange> ReadGrants(Tx tx, long changedFrom) =>
        tx.Many(
            "select holder_kind, holder_no, workspace, kind, resource, level from identity_grants where changed >= @changed",
            r => new GrantChange(
                new Holder((HolderKind)r.Int(0), r.Long(1)),
                r.Text(2),
                new Resource((ResourceKind)r.Int(3), r.Text(4)),
                (Level?)r.LongOrNull(5)
            ),
            ("changed", changedFrom)
        );
}
