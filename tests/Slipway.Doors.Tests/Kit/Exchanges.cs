using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Doors.Tests.Kit;

/// <summary>
/// What one of our scripts sent over the wire through MLflow's Python client, and what came back: one exchange a line, as
/// Mlflow/Client/record.py writes them. Values that the server makes stand there as {{names}}; what comes in such a place
/// first is expected again wherever the name returns, and {{any}} stands for what is another every time.
/// </summary>
internal sealed partial class Exchanges(HttpClient http)
{
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>Sends what was sent, in that order, to a fresh server; each answer has to be the recorded one.</summary>
    public static async Task ReplayAsync(HttpClient http, string file)
    {
        var exchanges = new Exchanges(http);
        var number = 0;
        foreach (var line in await File.ReadAllLinesAsync(file))
            await exchanges.ReplayAsync(++number, JsonNode.Parse(line)!);
    }

    private async Task ReplayAsync(int number, JsonNode exchange)
    {
        var (method, path) = ((string)exchange["method"]!, Filled((string)exchange["path"]!));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (exchange["body"] is { } body)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Filled((string)body!)));
        else if (exchange["bytes"] is { } bytes)
            request.Content = new ByteArrayContent(Convert.FromBase64String((string)bytes!));
        foreach (var (name, value) in exchange["headers"]?.AsObject() ?? [])
            Add(request, name, (string)value!);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var told = $"Exchange {number}, {method} {path}";
        Assert.True((int)response.StatusCode == (int)exchange["status"]!, $"{told}: {(int)response.StatusCode} {text}");
        if (exchange["answer"] is { } expected)
            Compare(expected, JsonNode.Parse(text), told);
        else if (exchange["content"] is { } content)
            Assert.Equal((string)content!, Convert.ToBase64String(await response.Content.ReadAsByteArrayAsync()));
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (name == "content-type")
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
        else if (name == "content-encoding")
            request.Content!.Headers.ContentEncoding.Add(value);
        else
            request.Headers.Add(name, value);
    }

    private void Compare(JsonNode? expected, JsonNode? actual, string place)
    {
        switch (expected)
        {
            case JsonObject members:
                var others = Assert.IsType<JsonObject>(actual);
                Assert.True(
                    members
                        .Select(m => m.Key)
                        .Order(StringComparer.Ordinal)
                        .SequenceEqual(others.Select(m => m.Key).Order(StringComparer.Ordinal)),
                    $"{place}: expected {members.ToJsonString()}, got {others.ToJsonString()}"
                );
                foreach (var (name, value) in members)
                    Compare(value, others[name], $"{place}/{name}");
                break;
            case JsonArray items:
                var found = Assert.IsType<JsonArray>(actual);
                Assert.True(
                    items.Count == found.Count,
                    $"{place}: expected {items.Count} items, got {found.ToJsonString()}"
                );
                foreach (var (item, other) in ByKey(items).Zip(ByKey(found)))
                    Compare(item, other, $"{place}[]");
                break;
            case JsonValue value when value.TryGetValue<string>(out var template):
                var text = actual?.ToString() ?? "";
                if (
                    template.StartsWith('[')
                    || (template.StartsWith('{') && !template.StartsWith("{{", StringComparison.Ordinal))
                )
                    Compare(JsonNode.Parse(template), JsonNode.Parse(text), place);
                else
                    CompareText(template, text, place);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{place}: expected {expected}, got {actual}");
                break;
        }
    }

    /// <summary>Parameters, tags and the latest metrics come in any order.</summary>
    private static IEnumerable<JsonNode?> ByKey(JsonArray items) =>
        items.OrderBy(item => item is JsonObject entry ? (string?)entry["key"] : null, StringComparer.Ordinal);

    private void CompareText(string template, string text, string place)
    {
        var pattern = Name()
            .Replace(Regex.Escape(template).Replace("\\{\\{", "{{", StringComparison.Ordinal), PatternOf);
        var match = Regex.Match(text, $"^{pattern}$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        Assert.True(match.Success, $"{place}: expected {Filled(template)}, got {text}");
        foreach (var group in match.Groups.Values.Where(group => group.Name.StartsWith("id", StringComparison.Ordinal)))
            known.TryAdd(group.Name, group.Value);
    }

    private string PatternOf(Match name)
    {
        var id = name.Groups["name"].Value;
        return id == "any" ? "(.*)"
            : known.TryGetValue(id, out var value) ? Regex.Escape(value)
            : $"(?<{id}>.+)";
    }

    private string Filled(string template) =>
        Name().Replace(template, name => known.GetValueOrDefault(name.Groups["name"].Value, name.Value));

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
