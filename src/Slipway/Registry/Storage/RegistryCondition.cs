using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Registry.Storage;

/// <summary>What models and versions are searched by, named as the search grammar names it.</summary>
internal enum RegistryFieldKind
{
    Name,
    Version,
    Run,
    Source,
    Tag,
}

/// <summary>A field, with the key where it is a tag.</summary>
internal readonly record struct RegistryField(RegistryFieldKind Kind, string Key)
{
    public static RegistryField OfModel(FilterField field) =>
        IsTag(field) ? new RegistryField(RegistryFieldKind.Tag, field.Key)
        : Attribute(field) == "name" ? new RegistryField(RegistryFieldKind.Name, "")
        : throw Unknown(field, "name and tags");

    public static RegistryField OfVersion(FilterField field) =>
        IsTag(field)
            ? new RegistryField(RegistryFieldKind.Tag, field.Key)
            : Attribute(field) switch
            {
                "name" => new RegistryField(RegistryFieldKind.Name, ""),
                "version_number" => new RegistryField(RegistryFieldKind.Version, ""),
                "run_id" => new RegistryField(RegistryFieldKind.Run, ""),
                "source_path" => new RegistryField(RegistryFieldKind.Source, ""),
                _ => throw Unknown(field, "name, version_number, run_id, source_path and tags"),
            };

    public static string? Attribute(FilterField field) =>
        field.Entity is null or "attribute" or "attributes" ? field.Key : null;

    public static Fault Unknown(FilterField field, string valid) =>
        Fault.Invalid(
            "registry.search_field",
            $"Invalid attribute key '{field}' specified. Valid keys are {valid}.",
            "filter"
        );

    private static bool IsTag(FilterField field) => field.Entity is "tag" or "tags";
}

/// <summary>
/// A filter on models or versions, with NOT pushed down to what it negates. A comparison asks whether the value of a
/// field passes a test, so what lacks the tag fails it. Where prompts are not asked for, their tag says nothing.
/// </summary>
internal abstract record RegistryCondition
{
    private RegistryCondition() { }

    public sealed record All(IReadOnlyList<RegistryCondition> Parts) : RegistryCondition;

    public sealed record Any(IReadOnlyList<RegistryCondition> Parts) : RegistryCondition;

    public sealed record Leaf(RegistryField Field, ValueTest Test, bool Negated) : RegistryCondition;

    private static readonly RegistryField PromptTag = new(RegistryFieldKind.Tag, RegisteredModel.PromptTag);

    public static RegistryCondition Of(
        Filter filter,
        Func<FilterField, RegistryField> fields,
        bool asksPrompts,
        bool negated = false
    )
    {
        switch (filter)
        {
            case Filter.All all:
                return Joined([.. all.Parts.Select(part => Of(part, fields, asksPrompts, negated))], !negated);
            case Filter.Any any:
                return Joined([.. any.Parts.Select(part => Of(part, fields, asksPrompts, negated))], negated);
            case Filter.Not not:
                return Of(not.Part, fields, asksPrompts, !negated);
            default:
                var field = fields(((Filter.Comparison)filter).Field);
                var comparison =
                    field.Kind == RegistryFieldKind.Version
                        ? Counted((Filter.Comparison)filter)
                        : (Filter.Comparison)filter;
                Check(field, comparison);
                return field == PromptTag && !asksPrompts
                    ? new All([])
                    : new Leaf(
                        field,
                        ValueTest.Of(comparison),
                        negated != (comparison.Operator == FilterOperator.IsNull)
                    );
        }
    }

    /// <summary>Whether the filter asks for prompts: the first that it says of their tag decides.</summary>
    public static bool AsksPrompts(Filter filter) => PromptsWanted(filter, negated: false) ?? false;

    /// <summary>Whether the SQL alone decides.</summary>
    public bool IsExact =>
        this switch
        {
            All all => all.Parts.All(part => part.IsExact),
            Any any => any.Parts.All(part => part.IsExact),
            _ => ((Leaf)this) is { Field.Kind: not RegistryFieldKind.Tag, Test.IsExact: true },
        };

    /// <summary>SQL that holds for everything that meets the condition, and where it is not exact for more.</summary>
    public string Sql(Func<RegistryFieldKind, string> column, SqlArguments arguments) =>
        this switch
        {
            All all => SqlText.Joined([.. all.Parts.Select(part => part.Sql(column, arguments))], all: true),
            Any any => SqlText.Joined([.. any.Parts.Select(part => part.Sql(column, arguments))], all: false),
            _ => SqlOf((Leaf)this, column, arguments),
        };

    public bool Holds(Func<RegistryField, ValueTest, bool> has) =>
        this switch
        {
            All all => all.Parts.All(part => part.Holds(has)),
            Any any => any.Parts.Any(part => part.Holds(has)),
            _ => ((Leaf)this) is var leaf && has(leaf.Field, leaf.Test) != leaf.Negated,
        };

    private static string SqlOf(Leaf leaf, Func<RegistryFieldKind, string> column, SqlArguments arguments)
    {
        if (leaf.Field.Kind != RegistryFieldKind.Tag)
        {
            if (leaf.Negated)
                return leaf.Test.IsExact ? $"not ({leaf.Test.Sql(column(leaf.Field.Kind), arguments)})" : "1 = 1";
            return leaf.Test.Sql(column(leaf.Field.Kind), arguments);
        }
        // The documents in which the key does not even occur need not be read. What JSON writes otherwise is not ruled out.
        return !leaf.Negated && leaf.Field.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? $"{column(RegistryFieldKind.Tag)} like {arguments.Add($"%\"{leaf.Field.Key}\":%")}"
            : "1 = 1";
    }

    private static void Check(RegistryField field, Filter.Comparison comparison)
    {
        if (field.Kind == RegistryFieldKind.Version)
            _ = NumberCondition.Of(comparison);
        else if (field.Kind != RegistryFieldKind.Tag || comparison.Value is not FilterValue.Absent)
            _ = TextCondition.Of(comparison);
    }

    /// <summary>The number of a version may stand in quotes.</summary>
    private static Filter.Comparison Counted(Filter.Comparison comparison) =>
        comparison.Value is FilterValue.Text text
        && long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? comparison with
            {
                Value = new FilterValue.Number(number, number),
            }
            : comparison;

    private static bool? PromptsWanted(Filter filter, bool negated) =>
        filter switch
        {
            Filter.All all => all.Parts.Select(part => PromptsWanted(part, negated)).FirstOrDefault(w => w is not null),
            Filter.Any any => any.Parts.Select(part => PromptsWanted(part, negated)).FirstOrDefault(w => w is not null),
            Filter.Not not => PromptsWanted(not.Part, !negated),
            Filter.Comparison { Field: { Entity: "tag" or "tags", Key: RegisteredModel.PromptTag } } comparison =>
                Wants(comparison) != negated,
            _ => null,
        };

    private static bool Wants(Filter.Comparison comparison) =>
        comparison.Value is FilterValue.Text text
        && comparison.Operator switch
        {
            FilterOperator.Equal => text.Value.Equals("true", StringComparison.OrdinalIgnoreCase),
            FilterOperator.NotEqual => text.Value.Equals("false", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    private static RegistryCondition Joined(IReadOnlyList<RegistryCondition> parts, bool all) =>
        all ? new All(parts) : new Any(parts);
}
