using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Slipway.Architecture.Tests.Reading;
using Slipway.Foundation.Console;
using Slipway.Foundation.Http;
using Slipway.Sdk;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>A place in the sources where a fault is made.</summary>
internal sealed record FaultSite(string File, int Line, FaultKind Kind, string Code, string Message, string Hint);

/// <summary>Finds every code a fault is made with, and writes the page that lists them.</summary>
internal static partial class ErrorCodes
{
    private const string Unwritten = "";

    public static IReadOnlyList<FaultSite> Sites(House house) =>
        [
            .. house
                .Files.Where(f => f.IsCode && f.IsUnder("src") && f.Name != "Fault.cs")
                .SelectMany(file => file.Root.DescendantNodes().SelectMany(node => SitesAt(file, node))),
        ];

    public static IEnumerable<string> Breaches(House house)
    {
        var sites = Sites(house);
        foreach (var site in sites)
        {
            if (site.Code == Unwritten)
                yield return $"{site.File}:{site.Line} makes a fault without writing its code: a code stands whole where it is thrown, so that a search finds it.";
            else if (!Form().IsMatch(site.Code))
                yield return $"{site.File}:{site.Line} has the code {site.Code}: a code looks like run.not_found.";
        }
        foreach (var code in sites.Where(s => s.Code != Unwritten).GroupBy(s => s.Code))
        {
            if (code.Select(s => s.Kind).Distinct().Count() > 1)
                yield return $"The code {code.Key} has several kinds: {string.Join(", ", code.Select(s => $"{s.Kind} in {s.File}"))}.";
            if (code.Select(s => OwnerOf(s.File)).Distinct().Count() > 1)
                yield return $"The code {code.Key} has several owners: {string.Join(", ", code.Select(s => OwnerOf(s.File)).Distinct())}.";
        }
    }

    /// <summary>The text of docs/reference/errors.md.</summary>
    public static string Page(House house)
    {
        var page = new StringBuilder(
            """
            # Error codes

            Every refusal has a code that stays the same from version to version. It stands in the field `code` of the
            problem+json answer; the command line shows the sentence and ends with the exit code. This page is generated
            from the sources: `SLIPWAY_REGENERATE=1 ./test Error_codes` writes it anew.

            | Code | Kind | HTTP | Exit | What it says | What to do |
            |---|---|---|---|---|---|

            """
        );
        foreach (
            var code in Sites(house)
                .Where(s => s.Code != Unwritten)
                .GroupBy(s => s.Code)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
        )
        {
            var fault = new Fault(code.First().Kind, code.Key, "");
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{code.Key}` | {fault.Kind} | {Problems.Status(fault)} | {ExitCodes.Of(fault)} | {Cell(code.Select(s => s.Message))} | {Cell(code.Select(s => s.Hint))} |\n"
            );
        }
        return page.ToString();
    }

    private static IEnumerable<FaultSite> SitesAt(SourceFile file, SyntaxNode node)
    {
        switch (node)
        {
            case InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax
                {
                    Expression: IdentifierNameSyntax { Identifier.Text: "Fault" }
                } call
            } invocation when Enum.TryParse<FaultKind>(call.Name.Identifier.Text, out var kind):
                return Read(
                    file,
                    invocation,
                    kind,
                    invocation.ArgumentList.Arguments,
                    hasField: kind == FaultKind.Invalid
                );
            case BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: >= 3 } arguments } creation
                when arguments[0].Expression
                    is MemberAccessExpressionSyntax
                    {
                        Expression: IdentifierNameSyntax { Identifier.Text: "FaultKind" }
                    } named:
                return Read(
                    file,
                    creation,
                    Enum.Parse<FaultKind>(named.Name.Identifier.Text),
                    [.. arguments.Skip(1)],
                    hasField: false
                );
            default:
                return [];
        }
    }

    private static IEnumerable<FaultSite> Read(
        SourceFile file,
        SyntaxNode node,
        FaultKind kind,
        SeparatedSyntaxList<ArgumentSyntax> arguments,
        bool hasField
    )
    {
        var hint = arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == "hint");
        var hintAt = hasField ? 3 : 2;
        if (hint is null && arguments.Count > hintAt && arguments[hintAt].NameColon is null)
            hint = arguments[hintAt];
        var hintWords = hint is null ? "" : Words(hint.Expression);
        return CodesAt(file, node, arguments[0].Expression, arguments[1].Expression)
            .Select(said => new FaultSite(file.Path, said.Line, kind, said.Code, said.Message, hintWords));
    }

    private static IEnumerable<(int Line, string Code, string Message)> CodesAt(
        SourceFile file,
        SyntaxNode node,
        ExpressionSyntax code,
        ExpressionSyntax message
    )
    {
        if (
            code is IdentifierNameSyntax passedOn
            && FactoryCalls(file, node, passedOn.Identifier.Text, message) is { Count: > 0 } calls
        )
            return calls;
        if (code is IdentifierNameSyntax constant && ConstantOf(file, constant.Identifier.Text) is { } value)
            code = value;
        var isWhole = !code.DescendantNodesAndSelf().Any(n => n is InterpolatedStringExpressionSyntax);
        var codes = isWhole ? Literals(code) : [];
        return codes.DefaultIfEmpty(Unwritten).Select(text => (file.LineOf(node), text, Words(message)));
    }

    private static ExpressionSyntax? ConstantOf(SourceFile file, string name) =>
        file
            .Root.DescendantNodes()
            .OfType<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword))
            .SelectMany(field => field.Declaration.Variables)
            .FirstOrDefault(variable => variable.Identifier.Text == name)
            ?.Initializer?.Value;

    /// <summary>A method that makes the fault for others of its file gets the code, and often the sentence, from them.</summary>
    private static List<(int Line, string Code, string Message)> FactoryCalls(
        SourceFile file,
        SyntaxNode node,
        string codeName,
        ExpressionSyntax message
    )
    {
        var factory = node.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault();
        var names = factory?.ParameterList.Parameters.Select(p => p.Identifier.Text).ToList() ?? [];
        var at = names.IndexOf(codeName);
        var messageAt = names.IndexOf((message as IdentifierNameSyntax)?.Identifier.Text ?? "");
        if (factory is null || at < 0)
            return [];
        return
        [
            .. from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            where call.Expression is IdentifierNameSyntax name && name.Identifier.Text == factory.Identifier.Text
            let arguments = call.ArgumentList.Arguments
            from code in Literals(arguments[at].Expression)
            select (file.LineOf(call), code, Words(messageAt < 0 ? message : arguments[messageAt].Expression)),
        ];
    }

    private static IEnumerable<string> Literals(ExpressionSyntax expression) =>
        expression.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().Select(l => l.Token.ValueText);

    /// <summary>The sentence of an expression, with "…" for what is filled in.</summary>
    private static string Words(ExpressionSyntax expression) =>
        expression switch
        {
            LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal
                .Token
                .ValueText,
            InterpolatedStringExpressionSyntax text => string.Concat(
                text.Contents.Select(c => c is InterpolatedStringTextSyntax t ? t.TextToken.ValueText : "…")
            ),
            BinaryExpressionSyntax both => Words(both.Left) + Words(both.Right),
            ParenthesizedExpressionSyntax inner => Words(inner.Expression),
            ConditionalExpressionSyntax choice => $"{Words(choice.WhenTrue)} / {Words(choice.WhenFalse)}",
            _ => "…",
        };

    private static string Cell(IEnumerable<string> texts) =>
        string.Join("<br>", texts.Where(t => t is not ("" or "…")).Distinct().Order(StringComparer.Ordinal))
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal);

    private static string OwnerOf(string file) =>
        file.Split('/') is [_, var project, var folder, _, ..]
            ? $"{project}/{folder}"
            : string.Join('/', file.Split('/').Take(2));

    [GeneratedRegex(@"^([a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+|internal)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
