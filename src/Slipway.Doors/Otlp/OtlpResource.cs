using Slipway.Tracing;

namespace Slipway.Doors.Otlp;

/// <summary>
/// What of a resource is kept: the name of its service, on the root spans it made, where the service is a coding agent.
/// The spans of such programs carry no other mark of who made them; MLflow's pages look for it there.
/// </summary>
internal static class OtlpResource
{
    public const string ServiceName = "service.name";

    private static readonly string[] Agents =
    [
        "claude-code",
        "codex_cli_rs",
        "codex_vscode",
        "gemini-cli",
        "qwen-code",
    ];

    public static void NameRoots(List<Span> spans, int first, AnyValue? service)
    {
        if (service is not AnyValue.Text { Value: var name } || !Agents.Contains(name))
            return;
        for (var i = first; i < spans.Count; i++)
        {
            if (spans[i].IsRoot && spans[i][ServiceName] is null)
                spans[i] = spans[i].With(ServiceName, service);
        }
    }
}
