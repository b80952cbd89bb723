using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Sdk;

namespace Slipway.Tests.Sdk;

/// <summary>
/// Generated JSON code sets every init property, also to nothing where the JSON is silent: a default of an init property
/// would never be seen by whoever leaves the field out.
/// </summary>
public sealed class RecordDefaultsTests
{
    [Fact]
    public void What_the_JSON_does_not_say_has_its_default()
    {
        var records = Contexts().SelectMany(Records).ToList();
        var lost =
            from record in records
            let fresh = Activator.CreateInstance(record.Type)
            from property in record.Properties
            where IsOverwritten(property) && !Equals(property.Get!(fresh!), NothingOf(property.PropertyType))
            select $"{record.Type.Name}.{property.Name}";

        Assert.True(records.Count > 20, $"{records.Count} records");
        Assert.Empty(lost);
    }

    private static IEnumerable<JsonSerializerContext> Contexts() =>
        typeof(Fault)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)))
            .Select(type =>
                (JsonSerializerContext)
                    type.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!
            );

    private static IEnumerable<JsonTypeInfo> Records(JsonSerializerContext context) =>
        context
            .GetType()
            .CustomAttributes.Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)
            .Where(type => type.GetConstructor([]) is not null)
            .Select(type => context.GetTypeInfo(type)!);

    private static bool IsOverwritten(JsonPropertyInfo property) =>
        property is { AssociatedParameter.IsMemberInitializer: true, IsRequired: false, Get: not null };

    private static object? NothingOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}
