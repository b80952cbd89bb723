using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

internal static class TokenStore
{
    private const string Select =
        "select t.token_id, u.name, t.name, t.workspace, t.hint, t.created_ms, t.expires_ms, t.is_session "
        + "from identity_tokens t join identity_users u on u.user_no = t.user_no";

    public static Token? Find(Tx tx, string id) =>
        tx.One($"{Select} where t.token_id = @token_id", Read, ("token_id", id));

    public static List<Token> Of(Tx tx, long userNumber) =>
        tx.Many(
            $"{Select} where t.user_no = @user_no order by t.created_ms, t.token_id",
            Read,
            ("user_no", userNumber)
        );

    public static List<Token> All(Tx tx) => tx.Many($"{Select} order by t.created_ms, t.token_id", Read);

    public static void Insert(Tx tx, Token token, long userNumber, string hash)
    {
        tx.Execute(
            "insert into identity_tokens (token_id, user_no, workspace, name, hash, hint, created_ms, expires_ms, is_session) "
                + "values (@token_id, @user_no, @workspace, @name, @hash, @hint, @created_ms, @expires_ms, @is_session)",
            ("token_id", token.Id),
            ("user_no", userNumber),
            ("workspace", token.Workspace),
            ("name", token.Name),
            ("hash", hash),
            ("hint", token.Hint),
            ("created_ms", token.CreatedMs),
            ("expires_ms", token.ExpiresMs),
            ("is_session", token.IsSession)
        );
        PeopleVersion.Grow(tx);
    }

    public static void EndSessions(Tx tx, long userNumber)
    {
        tx.Execute("delete from identity_tokens where user_no = @user_no and is_session = 1", ("user_no", userNumber));
        PeopleVersion.Grow(tx);
    }

    public static void Remove(Tx tx, string id)
    {
        tx.Execute("delete from identity_tokens where token_id = @token_id", ("token_id", id));
        PeopleVersion.Grow(tx);
    }

    private static Token Read(Row r) =>
        new()
        {
            Id = r.Text(0),
            UserName = r.Text(1),
            Name = r.Text(2),
            Workspace = r.Text(3),
            Hint = r.Text(4),
            CreatedMs = r.Long(5),
            ExpiresMs = r.LongOrNull(6),
            IsSession = r.Flag(7),
        };
}
