using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Events;
using Slipway.Foundation.Http;
using Slipway.Governance.Actions;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Http;

/// <summary>The native API of the record of events.</summary>
internal sealed class AuditEndpoints(AuditTrail trail)
{
    private static readonly ApiQuery<string?> Before = ApiQuery.Text(
        "before",
        "Only events before this place: the last one of the page before."
    );
    private static readonly ApiQuery<string?> Kind = ApiQuery.Text(
        "kind",
        "What happened, such as run.finished, or to what kind of thing, such as run."
    );
    private static readonly ApiQuery<string?> Actor = ApiQuery.Text("actor", "The user who did it.");
    private static readonly ApiQuery<string?> Subject = ApiQuery.Text("subject", "The id of what it happened to.");
    private static readonly ApiQuery<string> Scope = ApiQuery.OneOf(
        "scope",
        "The workspace of the call, or all of them with what happened to the server itself.",
        "workspace",
        "server"
    );
    private static readonly ApiQuery<int> PageSize = ApiQuery.Whole(
        "page_size",
        "How many events at most.",
        fallback: 100,
        least: 1,
        AuditTrail.PageLimit
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new AuditEndpoints(app.ServiceProvider.GetRequiredService<AuditTrail>());
        var api = new ApiRoutes(app, AuditJson.Default);
        api.Map<IReadOnlyList<AuditEvent>>("GET", "/api/v1/events", here.List)
            .Asks(Before, Kind, Actor, Subject, Scope, PageSize);
        api.Map<AuditReport>("GET", "/api/v1/events/verify", here.Verify);
    }

    [Description("What happened, the newest first.")]
    private async Task<IReadOnlyList<AuditEvent>> List(ApiCall call)
    {
        var query = new EventQuery
        {
            Before = PlaceOf(call.Query(Before)),
            Kind = call.Query(Kind) ?? "",
            Actor = call.Query(Actor) ?? "",
            Subject = call.Query(Subject) ?? "",
            Limit = call.Query(PageSize),
        };
        var isEverywhere = call.Query(Scope) == "server";
        var found = await trail.ReadAsync(Caller(call), query, isEverywhere, call.Cancellation);
        return [.. found.Select(Shape)];
    }

    [Description("Goes through the whole record and names the first event that is not as it was written.")]
    private async Task<AuditReport> Verify(ApiCall call)
    {
        var report = await trail.VerifyAsync(Caller(call), call.Cancellation);
        return new AuditReport
        {
            Ok = report.Break is null,
            Sealed = report.SealedCount,
            Unsealed = report.UnsealedCount,
            Anchor = report.Anchor.ToString(),
            BrokenAt = report.Break?.Position,
            Reason = report.Break?.Reason,
        };
    }

    private static AuditEvent Shape(ChainedEvent found)
    {
        var happened = found.Sealed.Event;
        return new AuditEvent
        {
            Position = found.Sealed.Position,
            TimeMs = found.Sealed.TimeMs,
            Kind = happened.Kind,
            SubjectKind = happened.SubjectKind,
            SubjectId = happened.SubjectId,
            Workspace = happened.Workspace,
            Actor = happened.Actor,
            Address = happened.Address,
            Payload = happened.Payload,
            Hash = found.Hash,
        };
    }

    private static long PlaceOf(string? text) =>
        text is null ? long.MaxValue
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
        : throw Fault.Invalid("audit.before", $"'{text}' is no place in the record.", "before");

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
