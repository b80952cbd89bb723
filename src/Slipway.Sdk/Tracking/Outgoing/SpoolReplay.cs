namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>Sends what runs of earlier processes left in their spools.</summary>
internal static class SpoolReplay
{
    /// <summary>Takes run by run; stops where the server is away, and leaves what other processes are working on.</summary>
    public static async Task<SpoolReport> SendAsync(
        Connection connection,
        string root,
        string? runId,
        CancellationToken cancellation
    )
    {
        var report = new SpoolReport();
        foreach (var run in Spool.Leftovers(root).Where(run => runId is null || run == runId))
        {
            using var spool = Spool.TryOpen(root, run, connection.Address);
            if (spool is null)
                continue;
            var courier = new Courier(connection, run);
            try
            {
                while (spool.Peek() is { } parcel)
                {
                    await courier.BringAsync(parcel, cancellation);
                    spool.Remove();
                }
                report = report with { Runs = report.Runs + 1, Rejected = report.Rejected + courier.Rejected };
            }
            catch (Fault fault)
            {
                report = report with
                {
                    Left = report.Left + 1,
                    Rejected = report.Rejected + courier.Rejected,
                    Fault = fault,
                };
            }
        }
        return report;
    }
}
