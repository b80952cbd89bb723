using Slipway.Sdk;

namespace Slipway.Tracking.Http;

/// <summary>
/// Which metrics, params and tags of runs are asked for: a table shows a few of hundreds, and the others would be most of
/// what is sent.
/// </summary>
internal sealed class FieldChoice
{
    private const int CountLimit = 1000;

    private readonly bool all;
    private readonly HashSet<string> metrics = [];
    private readonly HashSet<string> parameters = [];
    private readonly HashSet<string> tags = [];

    private FieldChoice(bool all) => this.all = all;

    public static FieldChoice Read(IReadOnlyList<string>? fields)
    {
        var choice = new FieldChoice(fields is null);
        if (fields?.Count > CountLimit)
            throw Fault.Invalid("run.fields", $"At most {CountLimit} fields can be chosen.", "fields");
        foreach (var field in fields ?? [])
            choice.Add(field);
        return choice;
    }

    public Run Of(Run run) =>
        all
            ? run
            : run with
            {
                Metrics = [.. run.Metrics.Where(metric => metrics.Contains(metric.Key))],
                Params = Chosen(run.Params, parameters),
                Tags = Chosen(run.Tags, tags),
            };

    private static Dictionary<string, string> Chosen(
        IReadOnlyDictionary<string, string> texts,
        HashSet<string> chosen
    ) => texts.Where(pair => chosen.Contains(pair.Key)).ToDictionary();

    private void Add(string field)
    {
        var dot = field.IndexOf('.');
        var chosen = (dot < 0 ? "" : field[..dot]) switch
        {
            "metrics" => metrics,
            "params" => parameters,
            "tags" => tags,
            _ => throw Fault.Invalid(
                "run.fields",
                $"'{field}' is no field that can be chosen.",
                "fields",
                "Fields begin with metrics., params. or tags."
            ),
        };
        chosen.Add(field[(dot + 1)..]);
    }
}
