using Slipway.Doors.Mlflow;
using Slipway.Doors.Otlp;
using Slipway.Evaluation.Setup;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Governance.Setup;
using Slipway.Identity.Setup;
using Slipway.Registry.Setup;
using Slipway.Tracing.Setup;
using Slipway.Tracking.Setup;

namespace Slipway.Host;

/// <summary>The list of everything this program can do. A line removed here is a capability gone, and nothing else notices.</summary>
internal static class Rooms
{
    public static IReadOnlyList<Room> All { get; } =
    [
        EventsSetup.Room,
        JobsSetup.Room,
        BlobsSetup.Room,
        IdentitySetup.RoomWith(FolderUsers.AddAsync),
        TrackingSetup.Room,
        TracingSetup.Room,
        RegistrySetup.Room,
        EvaluationSetup.Room,
        AuditSetup.Room,
        GovernanceSetup.Room,
        MlflowDoor.Room,
        OtlpDoor.Room,
        WebPages.Room,
    ];
}
