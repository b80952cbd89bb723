namespace Slipway.Architecture.Tests.Reading;

/// <summary>A type as the rules see it: nested and generated types count as the type that declares them.</summary>
internal sealed record Spot(string Project, string Namespace, string Type)
{
    public override string ToString() => Namespace.Length == 0 ? Type : $"{Namespace}.{Type}";

    public bool IsIn(string @namespace) =>
        Namespace == @namespace || Namespace.StartsWith(@namespace + ".", StringComparison.Ordinal);
}

/// <summary>One type's member uses another type, or a member of it.</summary>
internal sealed record Edge(Spot From, string Member, Spot To, string ToMember)
{
    public string Source => Member.Length == 0 ? From.ToString() : $"{From}.{Member}";
}

/// <summary>A text that stands in the code of a member.</summary>
internal sealed record Literal(Spot From, string Member, string Text)
{
    public string Source => $"{From}.{Member}";
}

/// <summary>A type that an assembly declares, with the names of its members.</summary>
internal sealed record Declared(Spot Spot, bool IsPublic, bool IsOpenClass, IReadOnlyList<string> Members);

/// <summary>What the rules want to know of one or more built assemblies.</summary>
internal sealed record BuiltCode(
    IReadOnlyCollection<Edge> Edges,
    IReadOnlyCollection<Literal> Literals,
    IReadOnlyCollection<Declared> Types
)
{
    public static BuiltCode Nothing { get; } = new([], [], []);

    public static BuiltCode Join(IEnumerable<BuiltCode> parts)
    {
        var all = parts.ToList();
        return new BuiltCode(
            [.. all.SelectMany(p => p.Edges)],
            [.. all.SelectMany(p => p.Literals)],
            [.. all.SelectMany(p => p.Types)]
        );
    }
}
