using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

internal static class DeliveryStore
{
    private const string Columns =
        "webhook_id, position, delivery_id, lane, topic, body, state, attempts, created_ms, since_ms, settled_ms, failure";

    private const int Waiting = (int)DeliveryState.Waiting;

    public static Delivery? Find(Tx tx, string webhookId, long position) =>
        tx.One(
            $"select {Columns} from registry_deliveries where webhook_id = @webhook_id and position = @position",
            Read,
            ("webhook_id", webhookId),
            ("position", position)
        );

    /// <summary>The last in front.</summary>
    public static List<Delivery> Page(Tx tx, string webhookId, long before, int limit) =>
        tx.Many(
            $"select {Columns} from registry_deliveries where webhook_id = @webhook_id and position < @before "
                + "order by position desc limit @limit",
            Read,
            ("webhook_id", webhookId),
            ("before", before),
            ("limit", limit)
        );

    /// <summary>The delivery of the lane whose turn it is.</summary>
    public static Delivery? Next(Tx tx, string webhookId, string lane) =>
        tx.One(
            $"select {Columns} from registry_deliveries where webhook_id = @webhook_id and lane = @lane and state = {Waiting} "
                + "order by position limit 1",
            Read,
            ("webhook_id", webhookId),
            ("lane", lane)
        );

    public static void Insert(Tx tx, Delivery delivery) =>
        tx.Execute(
            $"insert into registry_deliveries ({Columns}) values (@webhook_id, @position, @delivery_id, @lane, @topic, @body, "
                + $"{Waiting}, 0, @created_ms, @since_ms, null, null)",
            ("webhook_id", delivery.WebhookId),
            ("position", delivery.Position),
            ("delivery_id", delivery.Id),
            ("lane", delivery.Lane),
            ("topic", delivery.Topic.ToString()),
            ("body", delivery.Body),
            ("created_ms", delivery.CreatedMs),
            ("since_ms", delivery.SinceMs)
        );

    public static void Update(Tx tx, Delivery delivery) =>
        tx.Execute(
            "update registry_deliveries set state = @state, attempts = @attempts, since_ms = @since_ms, settled_ms = @settled_ms, failure = @failure "
                + "where webhook_id = @webhook_id and position = @position",
            ("state", (int)delivery.State),
            ("attempts", delivery.Attempts),
            ("since_ms", delivery.SinceMs),
            ("settled_ms", delivery.SettledMs),
            ("failure", delivery.Failure),
            ("webhook_id", delivery.WebhookId),
            ("position", delivery.Position)
        );

    public static void DeleteSettledBefore(Tx tx, string webhookId, long timeMs) =>
        tx.Execute(
            "delete from registry_deliveries where webhook_id = @webhook_id and settled_ms < @time_ms",
            ("webhook_id", webhookId),
            ("time_ms", timeMs)
        );

    private static Delivery Read(Row r) =>
        new()
        {
            WebhookId = r.Text(0),
            Position = r.Long(1),
            Id = r.Text(2),
            Lane = r.Text(3),
            Topic = WebhookTopic.Parse(r.Text(4)),
            Body = r.Text(5),
            State = (DeliveryState)r.Int(6),
            Attempts = r.Int(7),
            CreatedMs = r.Long(8),
            SinceMs = r.Long(9),
            SettledMs = r.LongOrNull(10),
            Failure = r.TextOrNull(11),
        };
}
