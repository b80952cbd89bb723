using System.Globalization;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;

namespace Slipway.Registry.Actions;

/// <summary>
/// One job for each delivery whose turn it is. The next of its lane gets its own in the transaction that settles the one
/// before, under the lock of the webhook: so two never run side by side, and none is left behind.
/// </summary>
internal static class DeliveryJobs
{
    public const string Kind = "registry.delivery";

    public static void Add(Tx tx, JobBoard jobs, Delivery delivery)
    {
        var key = $"{delivery.WebhookId}/{delivery.Position.ToString(CultureInfo.InvariantCulture)}";
        // What was given up after some attempts and is told again by hand gets a job of its own.
        jobs.Add(tx, Kind, key, string.Create(CultureInfo.InvariantCulture, $"{Kind}/{key}/{delivery.Attempts}"));
    }

    public static (string WebhookId, long Position) Read(Job job)
    {
        var slash = job.Payload.LastIndexOf('/');
        return (job.Payload[..slash], long.Parse(job.Payload.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }
}
