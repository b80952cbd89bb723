using System.Text.Json.Serialization.Metadata;

namespace Slipway.Foundation.Http;

/// <summary>What a route of the native API is for, takes and gives: the source of its entry in the OpenAPI document.</summary>
public sealed record ApiDescription(string Summary)
{
    /// <summary>The record in the body of the request; null where there is no body.</summary>
    public JsonTypeInfo? Takes { get; init; }

    /// <summary>The record in the answer; null where a success has nothing to say.</summary>
    public JsonTypeInfo? Gives { get; init; }

    public IReadOnlyList<ApiQuery> Query { get; init; } = [];
}

/// <summary>A value in the query of a request.</summary>
public sealed record ApiQuery(string Name, string About)
{
    public bool IsRequired { get; init; }

    public bool IsWhole { get; init; }

    /// <summary>May be given several times.</summary>
    public bool IsList { get; init; }
}

/// <summary>Who answers a route: the endpoints' class and its method, after which the operation is named.</summary>
internal sealed record ApiOperation(string Group, string Name);
