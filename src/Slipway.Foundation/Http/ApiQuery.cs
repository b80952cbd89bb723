using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// A value in the query of an address: declared once, named by the routes that ask for it and read by what answers them,
/// so that no route reads what its description does not have.
/// </summary>
public abstract class ApiQuery(string name, string about)
{
    public string Name => name;

    public string About => about;

    public bool IsRequired { get; protected init; }

    /// <summary>What it may be, as JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>A text; null where there is none.</summary>
    public static ApiQuery<string?> Text(string name, string about) =>
        new(name, about, isRequired: false, TextSchema, values => values.Count == 0 ? null : values[^1]);

    public static ApiQuery<string> Required(string name, string about) =>
        new(
            name,
            about,
            isRequired: true,
            TextSchema,
            values =>
                values.Count > 0 && values[^1] is { Length: > 0 } value
                    ? value
                    : throw Fault.Invalid("request.missing", $"'{name}' is missing.", name)
        );

    /// <summary>Any number of texts: <c>?order_by=a&amp;order_by=b</c>.</summary>
    public static ApiQuery<IReadOnlyList<string>> Many(string name, string about) =>
        new(
            name,
            about,
            isRequired: false,
            () => new JsonObject { ["type"] = "array", ["items"] = TextSchema() },
            values => [.. values.OfType<string>()]
        );

    /// <summary>A whole number within limits.</summary>
    public static ApiQuery<int> Whole(string name, string about, int fallback, int least, int most) =>
        new(
            name,
            about,
            isRequired: false,
            () =>
                new JsonObject
                {
                    ["type"] = "integer",
                    ["minimum"] = least,
                    ["maximum"] = most,
                    ["default"] = fallback,
                },
            values =>
                values.Count == 0 ? fallback
                : int.TryParse(values[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most
                    ? number
                : throw Fault.Invalid(
                    "request.number",
                    $"'{name}' is a whole number from {least} to {most}, not '{values[^1]}'.",
                    name
                )
        );

    /// <summary>One of a few words; the first where there is none.</summary>
    public static ApiQuery<string> OneOf(string name, string about, params string[] words) =>
        new(
            name,
            about,
            isRequired: false,
            () =>
                new JsonObject
                {
                    ["type"] = "string",
                    ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]),
                    ["default"] = words[0],
                },
            values =>
                values.Count == 0 ? words[0]
                : values[^1] is { } value && words.Contains(value, StringComparer.Ordinal) ? value
                : throw Fault.Invalid(
                    "request.word",
                    $"'{values[^1]}' is not {string.Join(", ", words[..^1])} or {words[^1]}.",
                    name
                )
        );

    private static JsonObject TextSchema() => new() { ["type"] = "string" };
}

/// <inheritdoc/>
public sealed class ApiQuery<T> : ApiQuery
{
    private readonly Func<JsonObject> schema;
    private readonly Func<StringValues, T> read;

    internal ApiQuery(string name, string about, bool isRequired, Func<JsonObject> schema, Func<StringValues, T> read)
        : base(name, about)
    {
        IsRequired = isRequired;
        this.schema = schema;
        this.read = read;
    }

    public override JsonObject Schema() => schema();

    internal T Read(IQueryCollection query) => read(query[Name]);
}
