using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>A run whose row or whose latest values were written, and by which transaction.</summary>
internal readonly record struct RunWrite(long Number, string RunId, long Stamp);

internal static class ChangeStore
{
    /// <summary>Runs written since a horizon (see Tx.Horizon), up to a limit; those known already may be among them.</summary>
    public static IReadOnlyList<RunWrite> Since(Tx tx, long experimentId, long horizon, int limit) =>
        [
            .. tx.Many(
                "select run_no, run_id, changed from tracking_runs where experiment_id = @experiment_id and changed >= @horizon limit @limit",
                Read,
                ("experiment_id", experimentId),
                ("horizon", horizon),
                ("limit", limit)
            ),
            .. tx.Many(
                "select l.run_no, r.run_id, l.changed from tracking_latest l join tracking_runs r on r.run_no = l.run_no "
                    + "where l.experiment_id = @experiment_id and l.changed >= @horizon limit @limit",
                Read,
                ("experiment_id", experimentId),
                ("horizon", horizon),
                ("limit", limit)
            ),
        ];

    private static RunWrite Read(Row r) => new(r.Long(0), r.Text(1), r.Long(2));
}
