using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Slipway.Sdk;

namespace Slipway.Tests.Sdk;

/// <summary>
/// What a caller leaves out of a call's JSON has the value that the record gives it. The generated reader assigns every
/// init-only property, also those that the JSON does not have, so those with a value of their own have to be settable.
/// </summary>
public sealed class DefaultsTests
{
    public static TheoryData<Type> Records =>
        [
            .. typeof(SlipwayClient)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)))
                .SelectMany(context => context.GetCustomAttributesData())
                .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
                .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)
                .SelectMany(WithParts)
                .Where(type => type.IsClass && type.GetConstructor(Type.EmptyTypes) is not null)
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Records))]
    public void What_the_json_leaves_out_keeps_the_value_of_the_record(Type record)
    {
        var made = Activator.CreateInstance(record);

        var overwritten = record
            .GetProperties()
            .Where(IsInitOnly)
            .Where(property => property.GetValue(made) is { } value && !value.Equals(Nothing(property.PropertyType)))
            .Select(property => property.Name);

        Assert.Empty(overwritten);
    }

    private static bool IsInitOnly(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static object? Nothing(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    /// <summary>The record and those of our own that its lists hold.</summary>
    private static IEnumerable<Type> WithParts(Type type) =>
        type.GetProperties()
            .SelectMany(property => property.PropertyType.GetGenericArguments())
            .Where(part => part.Assembly == type.Assembly)
            .Prepend(type);
}
