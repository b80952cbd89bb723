using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Slipway.Foundation.Http;

/// <summary>
/// What a route of the native API is for, takes and gives. The route itself is served by it, and the OpenAPI document is
/// written from it, so the two cannot say different things.
/// </summary>
public sealed class ApiDescription(MethodInfo endpoint, string name, JsonSerializerContext records)
{
    public string Summary => endpoint.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    /// <summary>The name of the method that answers.</summary>
    public string Name => name;

    /// <summary>What is read from the query of the address.</summary>
    public IReadOnlyList<ApiQuery> Queries { get; internal set; } = [];

    /// <summary>The record in the body of the request; null where there is none.</summary>
    public Type? Takes { get; internal init; }

    /// <summary>The type of a body that is no record.</summary>
    public string? TakesMedia { get; internal set; }

    /// <summary>The record in the answer, or in each event of a stream; null where a success has nothing to say.</summary>
    public Type? Gives { get; internal set; }

    /// <summary>The type of the answer.</summary>
    public string GivesMedia { get; internal set; } = "application/json";

    /// <summary>How a success is told.</summary>
    public IReadOnlyList<int> Statuses { get; internal set; } = [StatusCodes.Status200OK];

    /// <summary>How a record is read and written. It is looked up when it is needed, which costs the start nothing.</summary>
    public JsonTypeInfo RecordOf(Type type) =>
        records.GetTypeInfo(type)
        ?? throw new InvalidOperationException($"{type} is not among the records of {records.GetType().Name}.");

    internal JsonTypeInfo<T> RecordOf<T>() => (JsonTypeInfo<T>)RecordOf(typeof(T));

    internal bool GivesNothing => Statuses is [StatusCodes.Status204NoContent];
}
