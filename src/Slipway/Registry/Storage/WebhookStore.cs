using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

internal static class WebhookStore
{
    private const string Columns =
        "webhook_id, workspace, name, description, url, topics, secret, active, failures, rests_until_ms, created_ms, updated_ms";

    public static Webhook? Find(Tx tx, string id) =>
        tx.One($"select {Columns} from registry_webhooks where webhook_id = @webhook_id", Read, ("webhook_id", id));

    /// <summary>The webhook, locked until the transaction ends: its deliveries are put in order one transaction at a time.</summary>
    public static Webhook? FindForUpdate(Tx tx, string id) =>
        tx.One(
            $"select {Columns} from registry_webhooks where webhook_id = @webhook_id {tx.Dialect.Locks.Row}",
            Read,
            ("webhook_id", id)
        );

    /// <summary>The last made in front.</summary>
    public static List<Webhook> Page(Tx tx, string workspace, int offset, int limit) =>
        tx.Many(
            $"select {Columns} from registry_webhooks where workspace = @workspace "
                + "order by webhook_no desc limit @limit offset @offset",
            Read,
            ("workspace", workspace),
            ("limit", limit),
            ("offset", offset)
        );

    public static List<Webhook> Active(Tx tx, string workspace) =>
        tx.Many(
            $"select {Columns} from registry_webhooks where workspace = @workspace and active = 1 order by webhook_no",
            Read,
            ("workspace", workspace)
        );

    public static void Insert(Tx tx, Webhook webhook, long number) =>
        tx.Execute(
            $"insert into registry_webhooks (webhook_no, {Columns}) values (@webhook_no, @webhook_id, @workspace, @name, "
                + "@description, @url, @topics, @secret, @active, @failures, @rests_until_ms, @created_ms, @updated_ms)",
            ("webhook_no", number),
            ("webhook_id", webhook.Id),
            ("workspace", webhook.Workspace),
            ("name", webhook.Name),
            ("description", webhook.Description),
            ("url", webhook.Url),
            ("topics", Write(webhook.Topics)),
            ("secret", webhook.SealedSecret),
            ("active", webhook.IsActive),
            ("failures", webhook.Failures),
            ("rests_until_ms", webhook.RestsUntilMs),
            ("created_ms", webhook.CreatedMs),
            ("updated_ms", webhook.UpdatedMs)
        );

    public static void Update(Tx tx, Webhook webhook) =>
        tx.Execute(
            "update registry_webhooks set name = @name, description = @description, url = @url, topics = @topics, "
                + "secret = @secret, active = @active, failures = @failures, rests_until_ms = @rests_until_ms, "
                + "updated_ms = @updated_ms where webhook_id = @webhook_id",
            ("name", webhook.Name),
            ("description", webhook.Description),
            ("url", webhook.Url),
            ("topics", Write(webhook.Topics)),
            ("secret", webhook.SealedSecret),
            ("active", webhook.IsActive),
            ("failures", webhook.Failures),
            ("rests_until_ms", webhook.RestsUntilMs),
            ("updated_ms", webhook.UpdatedMs),
            ("webhook_id", webhook.Id)
        );

    public static void Delete(Tx tx, string id)
    {
        tx.Execute("delete from registry_deliveries where webhook_id = @webhook_id", ("webhook_id", id));
        tx.Execute("delete from registry_webhooks where webhook_id = @webhook_id", ("webhook_id", id));
    }

    private static string Write(IReadOnlyList<WebhookTopic> topics) => string.Join(' ', topics);

    private static Webhook Read(Row r) =>
        new()
        {
            Id = r.Text(0),
            Workspace = r.Text(1),
            Name = r.Text(2),
            Description = r.TextOrNull(3),
            Url = r.Text(4),
            Topics = [.. r.Text(5).Split(' ').Select(WebhookTopic.Parse)],
            SealedSecret = r.TextOrNull(6),
            IsActive = r.Flag(7),
            Failures = r.Int(8),
            RestsUntilMs = r.Long(9),
            CreatedMs = r.Long(10),
            UpdatedMs = r.Long(11),
        };
}
