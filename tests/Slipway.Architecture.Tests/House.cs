using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests;

/// <summary>What the rules look at: the built assemblies, the files of the tree, and the plan. Tests plant breaches in a house of their own.</summary>
internal sealed class House
{
    private static readonly Lazy<Plan> RealPlan = new(() =>
        new Plan(File.ReadAllText(Path.Combine(SourceTree.Root, "ARCHITECTURE.md")))
    );

    private static readonly Lazy<House> RealHouse = new(() =>
        new House { Code = ReadBuiltAssemblies(), Files = SourceTree.Read() }
    );

    private static readonly Lazy<IReadOnlyList<(string Project, MetadataReference Reference)>> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(file =>
                    (Path.GetFileNameWithoutExtension(file), (MetadataReference)MetadataReference.CreateFromFile(file))
                ),
        ]
    );

    public static House Real => RealHouse.Value;

    public BuiltCode Code { get; private init; } = BuiltCode.Nothing;

    public IReadOnlyList<SourceFile> Files { get; private init; } = [];

    public Plan Plan { get; private init; } = RealPlan.Value;

    /// <summary>A house with files of the given paths and texts, and nothing else.</summary>
    public static House WithFiles(params IEnumerable<(string Path, string Text)> files) =>
        new() { Files = [.. files.Select(f => new SourceFile(f.Path, f.Text))] };

    /// <summary>A house whose plan is another page than ours.</summary>
    public static House WithPlan(string architecture) => new() { Plan = new Plan(architecture) };

    /// <summary>Compiles a source as one of the projects and reads the result as the real assemblies are read.</summary>
    public static House WithCode(string project, string source)
    {
        var compilation = CSharpCompilation.Create(
            project,
            [CSharpSyntaxTree.ParseText(source)],
            References.Value.Where(r => r.Project != project).Select(r => r.Reference),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        return new House { Code = AssemblyReader.Read(assembly) };
    }

    /// <summary>The same house with files in it.</summary>
    public House And(params IEnumerable<(string Path, string Text)> files) =>
        new()
        {
            Code = Code,
            Plan = Plan,
            Files = WithFiles(files).Files,
        };

    private static BuiltCode ReadBuiltAssemblies() =>
        BuiltCode.Join(
            Directory
                .EnumerateFiles(AppContext.BaseDirectory, "Slipway*.dll")
                .Where(file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal))
                .Select(file =>
                {
                    using var assembly = File.OpenRead(file);
                    return AssemblyReader.Read(assembly);
                })
        );
}
