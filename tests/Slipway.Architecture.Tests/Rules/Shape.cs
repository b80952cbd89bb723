using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Where things stand, how big they get and what they are called.</summary>
internal static partial class Shape
{
    private const int FileCeiling = 400;
    private const int TestFileCeiling = 600;
    private const int PageCeiling = 200;
    private const int MethodCeiling = 60;

    private static readonly HashSet<string> EmptyWords =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Common",
        "Base",
        "Impl",
        "Dto",
        "Info",
        "Data",
        "Process",
        "Handle",
        "Handler",
    ];

    private static readonly (string Suffix, string Room)[] RoomNames =
    [
        ("Store", "Storage"),
        ("Endpoints", "Http"),
        ("Commands", "Cli"),
        ("Setup", "Setup"),
    ];

    public static IEnumerable<string> Breaches(House house) =>
        [
            .. house.Files.SelectMany(Sizes),
            .. house.Files.Where(f => f.IsCode).SelectMany(Code),
            .. house.Files.Where(f => f.IsCode && f.IsUnder("src")).SelectMany(f => Names(f, house.Plan)),
            .. OpenClasses(house),
            .. Readmes(house),
        ];

    private static IEnumerable<string> Sizes(SourceFile file)
    {
        int? ceiling = System.IO.Path.GetExtension(file.Path) switch
        {
            ".cs" or ".ts" => file.IsUnder("tests") ? TestFileCeiling : FileCeiling,
            ".tsx" => file.Name.Contains(".test.", StringComparison.Ordinal) ? TestFileCeiling : PageCeiling,
            _ => null,
        };
        if (file.LineCount > ceiling && !file.Text.StartsWith(Generated.Mark, StringComparison.Ordinal))
            yield return $"{file.Path} has {file.LineCount} lines: the ceiling is {ceiling}. Is it one subject?";
    }

    private static IEnumerable<string> Code(SourceFile file) => [.. Methods(file), .. Place(file), .. Clutter(file)];

    private static IEnumerable<string> Methods(SourceFile file)
    {
        foreach (
            var member in file
                .Root.DescendantNodes()
                .Where(n => n is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax)
        )
        {
            var span = member.GetLocation().GetLineSpan();
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > MethodCeiling)
                yield return $"{file.Path}:{file.LineOf(member)}: {NameOf(member)} has {lines} lines: the ceiling is {MethodCeiling}.";
        }
    }

    /// <summary>Namespace = folder below the project, file = type, with a dot for a part of one: "Runs.Search.cs".</summary>
    private static IEnumerable<string> Place(SourceFile file)
    {
        var types = TypesOf(file).Where(type => type.Parent is not TypeDeclarationSyntax).ToList();
        if (types.Count == 0 || file.Path.Split('/') is not ["src" or "tests" or "bench", ..])
            yield break;
        var expected = string.Join('.', file.Folder.Split('/').Skip(1));
        var found = file
            .Root.DescendantNodes()
            .OfType<BaseNamespaceDeclarationSyntax>()
            .FirstOrDefault()
            ?.Name.ToString();
        if (found != expected)
            yield return $"{file.Path}: the namespace is {found ?? "missing"}, the folder says {expected}.";
        var subject = file.Name.Split('.')[0];
        if (!types.Any(type => NameOf(type) == subject))
            yield return $"{file.Path} declares no type {subject}: a file is named after its subject.";
    }

    private static IEnumerable<string> Clutter(SourceFile file)
    {
        foreach (var trivia in file.Root.DescendantTrivia(descendIntoTrivia: false))
        {
            if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
                yield return $"{file.Path} has a region: two subjects are two files.";
            else if (IsComment(trivia) && Marks().IsMatch(trivia.ToString()))
                yield return $"{file.Path} has the comment '{trivia}': what is left to do is an issue, and banners say nothing.";
        }
    }

    private static IEnumerable<string> Names(SourceFile file, Plan plan)
    {
        var room = file.Path.Split('/') is ["src", "Slipway", _, var folder, _, ..] ? folder : null;
        foreach (var name in TypesOf(file).Select(NameOf))
        {
            var words = Words().Matches(name).Select(m => m.Value).ToList();
            foreach (
                var word in words
                    .Where(EmptyWords.Contains)
                    .Where(w => w is not ("Handle" or "Handler") || !file.IsUnder("src/Slipway.Doors"))
            )
                yield return $"{file.Path}: the name {name} has the word {word}, which says nothing about it.";
            if (plan.Slices.Contains(name))
                yield return $"{file.Path}: {name} is the name of a slice, so no type has it.";
            foreach (var (suffix, home) in RoomNames)
            {
                if (room is not null && words[^1] == suffix && room != home)
                    yield return $"{file.Path}: a name that ends with {suffix} stands in {home}.";
            }
        }
    }

    private static IEnumerable<string> OpenClasses(House house)
    {
        var bases = house.Code.Edges.Where(e => e.Member.Length == 0).Select(e => e.To).ToHashSet();
        return from type in house.Code.Types
            // The class that the compiler makes of top-level statements has no namespace and cannot be sealed.
            where type.IsOpenClass && type.Spot.Namespace.Length > 0 && !bases.Contains(type.Spot)
            select $"{type.Spot} is open to heirs and has none: seal it.";
    }

    private static IEnumerable<string> Readmes(House house) =>
        from folder in house
            .Files.Select(f => f.Path.Split('/'))
            .Where(path => path is ["src", "Slipway" or "Slipway.Doors", _, _, ..])
            .Select(path => string.Join('/', path.Take(3)))
            .Distinct()
        where !house.Files.Any(f => f.Path == $"{folder}/README.md")
        select $"{folder} has no README.md: one page on its nouns, promises, tables, events and ports.";

    private static IEnumerable<MemberDeclarationSyntax> TypesOf(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<MemberDeclarationSyntax>()
            .Where(n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static string NameOf(SyntaxNode node) =>
        node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
            _ => node.Kind().ToString(),
        };

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);

    [GeneratedRegex(@"\b(TO(?:)DO|FIX(?:)ME|HA(?:)CK)\b|^//\s*[-=*#~/]{3,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marks();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}
