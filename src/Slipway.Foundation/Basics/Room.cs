using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Basics;

/// <summary>
/// What a slice or a door brings to the program: its services, its routes and its tables. The host lists rooms and
/// knows nothing else about them.
/// </summary>
public sealed record Room(string Name)
{
    public Action<IServiceCollection>? Services { get; init; }

    public Action<IEndpointRouteBuilder>? Routes { get; init; }

    public MigrationSet? Migrations { get; init; }
}
