using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Slipway.Architecture.Tests.Reading;

/// <summary>
/// Lists who uses whom in one built assembly, by type and member. It reads what the compiler wrote and not the source,
/// so a global using, a qualified name or a parent namespace hides nothing. What the compiler makes of lambdas,
/// iterators and async methods counts as the member it was written in.
/// </summary>
internal sealed class AssemblyReader
{
    private readonly PEReader image;
    private readonly MetadataReader metadata;
    private readonly string project;
    private readonly TypesInSignature signatures;
    private readonly HashSet<Edge> edges = [];
    private readonly HashSet<Literal> literals = [];
    private readonly List<Declared> types = [];
    private Spot from = new("", "", "");
    private string member = "";

    private AssemblyReader(PEReader image)
    {
        this.image = image;
        metadata = image.GetMetadataReader();
        project = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        signatures = new TypesInSignature(handle => Uses(handle));
    }

    public static BuiltCode Read(Stream assembly)
    {
        using var opened = new PEReader(assembly, PEStreamOptions.PrefetchEntireImage);
        return new AssemblyReader(opened).ReadAll();
    }

    private BuiltCode ReadAll()
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            from = SpotOf(handle);
            // The compiler's own (<Module>) and source generators' helpers live outside our namespaces.
            if (from.Type.StartsWith('<') || (from.Namespace.Length > 0 && !from.IsIn("Slipway")))
                continue;
            ReadType(handle);
        }
        return new BuiltCode(edges, literals, types);
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var outer = WrittenName(metadata.GetString(type.Name));
        if (type.GetDeclaringType().IsNil)
            types.Add(Declare(type));
        member = outer ?? "";
        Uses(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Uses(metadata.GetInterfaceImplementation(implemented).Interface);
        ReadAttributes(type.GetCustomAttributes());
        ReadConstraints(type.GetGenericParameters());
        foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
        {
            var name = metadata.GetString(field.Name);
            member = outer ?? WrittenName(name) ?? (name.Contains('<') ? "" : name);
            field.DecodeSignature(signatures, null);
            ReadAttributes(field.GetCustomAttributes());
        }
        foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
        {
            var name = metadata.GetString(method.Name);
            member = outer ?? WrittenName(name) ?? WithoutAccessor(name);
            ReadMethod(method);
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(signatures, null);
        ReadAttributes(method.GetCustomAttributes());
        ReadConstraints(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(signatures, null);
        foreach (var region in body.ExceptionRegions)
            Uses(region.CatchType);
        Instructions.Walk(body.GetILReader(), ReadToken);
    }

    private void ReadToken(int token)
    {
        const int UserString = 0x70;
        if (token >>> 24 == UserString)
            literals.Add(
                new Literal(from, member, metadata.GetUserString(MetadataTokens.UserStringHandle(token & 0xffffff)))
            );
        else
            Uses(MetadataTokens.EntityHandle(token));
    }

    private void ReadAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
            Uses(metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void ReadConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(p => metadata.GetGenericParameter(p).GetConstraints()))
            Uses(metadata.GetGenericParameterConstraint(constraint).Type);
    }

    private void Uses(EntityHandle target, string targetMember = "")
    {
        if (target.IsNil)
            return;
        switch (target.Kind)
        {
            case HandleKind.TypeDefinition:
                Add(SpotOf((TypeDefinitionHandle)target), targetMember);
                break;
            case HandleKind.TypeReference:
                Add(SpotOf((TypeReferenceHandle)target), targetMember);
                break;
            case HandleKind.TypeSpecification:
                UsesSpecification((TypeSpecificationHandle)target, targetMember);
                break;
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)target);
                Uses(method.GetDeclaringType(), WithoutAccessor(metadata.GetString(method.Name)));
                break;
            case HandleKind.FieldDefinition:
                var field = metadata.GetFieldDefinition((FieldDefinitionHandle)target);
                Uses(field.GetDeclaringType(), metadata.GetString(field.Name));
                break;
            case HandleKind.MemberReference:
                var reference = metadata.GetMemberReference((MemberReferenceHandle)target);
                Uses(reference.Parent, WithoutAccessor(metadata.GetString(reference.Name)));
                break;
            case HandleKind.MethodSpecification:
                var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)target);
                specification.DecodeSignature(signatures, null);
                Uses(specification.Method);
                break;
        }
    }

    private void UsesSpecification(TypeSpecificationHandle handle, string targetMember)
    {
        var specification = metadata.GetTypeSpecification(handle);
        specification.DecodeSignature(signatures, null);
        // The member belongs to the generic type, which is the first one named.
        var isFirst = true;
        specification.DecodeSignature(
            new TypesInSignature(type =>
            {
                if (isFirst)
                    Uses(type, targetMember);
                isFirst = false;
            }),
            null
        );
    }

    private void Add(Spot to, string toMember)
    {
        if (to != from)
            edges.Add(new Edge(from, member, to, toMember));
    }

    private Spot SpotOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        for (var outer = type.GetDeclaringType(); !outer.IsNil; outer = type.GetDeclaringType())
            type = metadata.GetTypeDefinition(outer);
        return new Spot(project, metadata.GetString(type.Namespace), WithoutArity(metadata.GetString(type.Name)));
    }

    private Spot SpotOf(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            type = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        var assembly =
            type.ResolutionScope.Kind == HandleKind.AssemblyReference
                ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
                : project;
        return new Spot(assembly, metadata.GetString(type.Namespace), WithoutArity(metadata.GetString(type.Name)));
    }

    private Declared Declare(TypeDefinition type)
    {
        const TypeAttributes Closed = TypeAttributes.Sealed | TypeAttributes.Abstract | TypeAttributes.Interface;
        return new Declared(
            from,
            (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public,
            (type.Attributes & Closed) == TypeAttributes.NotPublic,
            [
                .. type.GetMethods()
                    .Select(m => metadata.GetString(metadata.GetMethodDefinition(m).Name))
                    .Concat(type.GetFields().Select(f => metadata.GetString(metadata.GetFieldDefinition(f).Name)))
                    .Where(name => !name.Contains('<') && !name.StartsWith('.'))
                    .Select(WithoutAccessor)
                    .Distinct(),
            ]
        );
    }

    /// <summary>"FinishAsync" of the generated "&lt;FinishAsync&gt;d__4"; null for a name that was written as it is.</summary>
    private static string? WrittenName(string name)
    {
        var start = name.LastIndexOf('<');
        var end = name.IndexOf('>');
        return start >= 0 && end > start + 1 ? name[(start + 1)..end] : null;
    }

    private static string WithoutAccessor(string name) =>
        name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
            ? name[4..]
            : name;

    private static string WithoutArity(string name) => name.Split('`')[0];
}
