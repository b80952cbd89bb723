using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Host;

/// <summary>`POST /api/v1/testing/reset`: back to a fresh store, for test suites that need one per test.</summary>
internal static class TestingReset
{
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<Room> rooms)
    {
        // Tables made later refer to those made earlier, so they are emptied in the opposite order.
        var statements = rooms
            .SelectMany(room => (room.Migrations?.Tables() ?? []).Except(room.KeptByReset, StringComparer.Ordinal))
            .Reverse()
            .Select(table => $"delete from {table}")
            .ToList();
        // Open to everybody: the test suites that call it know nothing of logins, and it is there on loopback alone.
        routes
            .MapPost(
                "/api/v1/testing/reset",
                async (HttpContext context, Db db, TimeProvider clock) =>
                {
                    await db.WriteAsync(tx =>
                    {
                        foreach (var statement in statements)
                            tx.Execute(statement);
                        foreach (var room in rooms)
                            room.Reset?.Invoke(tx);
                        foreach (var room in rooms)
                            room.Seed?.Invoke(tx, clock);
                    });
                    foreach (var room in rooms.Where(room => room.Forget is not null))
                        await room.Forget!(context.RequestServices, context.RequestAborted);
                    return Results.NoContent();
                }
            )
            .AllowAnonymous();
    }
}
