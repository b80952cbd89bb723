using System.Reflection;
using System.Xml.Linq;

namespace Slipway.Foundation.Http;

/// <summary>The comments beside types and their properties, which the compiler puts into a file beside each library.</summary>
internal sealed class XmlRemarks
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> members = [];

    /// <summary>What a type is; null where nothing is said.</summary>
    public string? Of(Type type) => Read(Member(type.Assembly, $"T:{NameOf(type)}")?.Element("summary"));

    /// <summary>What a property holds; one of a record in one line is a parameter of the record.</summary>
    public string? Of(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        var own = Member(owner.Assembly, $"P:{NameOf(owner)}.{property.Name}")?.Element("summary");
        var parameters = Member(owner.Assembly, $"T:{NameOf(owner)}")?.Elements("param") ?? [];
        return Read(own ?? parameters.FirstOrDefault(parameter => parameter.Attribute("name")?.Value == property.Name));
    }

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private XElement? Member(Assembly assembly, string name)
    {
        if (!members.TryGetValue(assembly, out var known))
            members[assembly] = known = Load(assembly);
        return known.GetValueOrDefault(name);
    }

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return File.Exists(file)
            ? XDocument
                .Load(file)
                .Descendants("member")
                .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal)
            : [];
    }

    private static string? Read(XElement? element) =>
        element is null
            ? null
            : string.Join(
                ' ',
                string.Concat(element.DescendantNodes().Select(Words))
                    .Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            );

    private static string Words(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } see => see.FirstAttribute!.Value.Split('.', ':')[^1],
            _ => "",
        };
}
