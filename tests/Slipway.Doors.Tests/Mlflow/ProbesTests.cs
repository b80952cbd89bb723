using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// Calls with fields that are missing, empty, of another type, out of bounds or unknown, one a line of Probes.jsonl: method,
/// path, body, and the status and error code with which a real MLflow 3.12 server answered it. They are sent in their
/// order to one fresh server, as they were sent there.
/// </summary>
public sealed class ProbesTests
{
    [Fact]
    public async Task What_clients_may_send_wrong_is_answered_as_by_MLflow()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var wrong = new List<string>();
        var lines = await File.ReadAllLinesAsync(Table);
        foreach (var line in lines)
        {
            var probe = JsonNode.Parse(line)!;
            using var request = new HttpRequestMessage(new HttpMethod((string)probe[0]!), (string)probe[1]!);
            if (probe[2] is { } body)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await server.Http.SendAsync(request);
            var (status, code) = ((int)answer.StatusCode, CodeIn(await answer.Content.ReadAsStringAsync()));
            if (status != (int)probe[3]! || code != (string)probe[4]!)
                wrong.Add($"{status} {code}: {line}");
        }
        Assert.Empty(wrong);
        Assert.True(lines.Length > 500, "The table is there in whole.");
    }

    private static string CodeIn(string answer)
    {
        try
        {
            return JsonNode.Parse(answer) is JsonObject fields ? (string?)fields["error_code"] ?? "" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Table =>
        Path.Combine(SlipwayProcess.RepositoryRoot, "tests/Slipway.Doors.Tests/Mlflow/Probes.jsonl");
}
