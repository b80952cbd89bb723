using Slipway.Foundation.Sql;

namespace Slipway.Governance.Storage;

/// <summary>The cards of versions, each edit of one as it was.</summary>
internal static class CardStore
{
    private const string Columns = "card_no, status, document, actor, written_ms";

    public static int Count(Tx tx, long modelNumber, int version) =>
        tx.One(
            "select count(*) from governance_cards where model_no = @model_no and version = @version",
            r => r.Int(0),
            ("model_no", modelNumber),
            ("version", version)
        );

    public static List<WrittenCard> All(Tx tx, long modelNumber, int version) =>
        tx.Many(
            $"select {Columns} from governance_cards where model_no = @model_no and version = @version order by card_no desc",
            Read,
            ("model_no", modelNumber),
            ("version", version)
        );

    /// <summary>Writes the card; one of the same number is replaced, as a change of its status does.</summary>
    public static void Put(Tx tx, long modelNumber, int version, WrittenCard card) =>
        tx.Execute(
            $"insert into governance_cards (model_no, version, {Columns}) "
                + "values (@model_no, @version, @card_no, @status, @document, @actor, @written_ms) "
                + "on conflict (model_no, version, card_no) do update set status = excluded.status",
            ("model_no", modelNumber),
            ("version", version),
            ("card_no", card.Number),
            ("status", (int)card.Status),
            ("document", card.Document),
            ("actor", card.Actor),
            ("written_ms", card.WrittenMs)
        );

    private static WrittenCard Read(Row r) =>
        new()
        {
            Number = r.Int(0),
            Status = (CardStatus)r.Int(1),
            Document = r.Text(2),
            Actor = r.Text(3),
            WrittenMs = r.Long(4),
        };
}
