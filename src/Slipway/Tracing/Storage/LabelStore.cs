using Slipway.Foundation.Sql;

namespace Slipway.Tracing.Storage;

internal enum LabelKind
{
    Tag,
    Metadata,
}

internal enum LinkKind
{
    /// <summary>A run that somebody linked the trace to.</summary>
    Run,

    /// <summary>The run in which the trace was made, as its metadata says.</summary>
    SourceRun,

    /// <summary>A version of a prompt, as name/version.</summary>
    Prompt,
}

/// <summary>Tags and metadata of traces, and what traces are linked to.</summary>
internal static class LabelStore
{
    public static void Set(Tx tx, long trace, LabelKind kind, string key, string value) =>
        tx.Execute(
            "insert into tracing_labels (trace_no, kind, key, value) values (@trace_no, @kind, @key, @value) "
                + "on conflict (trace_no, kind, key) do update set value = excluded.value",
            ("trace_no", trace),
            ("kind", (int)kind),
            ("key", key),
            ("value", value)
        );

    /// <summary>Whether the trace has the label.</summary>
    public static bool Has(Tx tx, long trace, LabelKind kind, string key) =>
        tx.One(
            "select 1 from tracing_labels where trace_no = @trace_no and kind = @kind and key = @key",
            _ => true,
            ("trace_no", trace),
            ("kind", (int)kind),
            ("key", key)
        );

    public static bool Delete(Tx tx, long trace, LabelKind kind, string key) =>
        tx.Execute(
            "delete from tracing_labels where trace_no = @trace_no and kind = @kind and key = @key",
            ("trace_no", trace),
            ("kind", (int)kind),
            ("key", key)
        ) > 0;

    /// <summary>Links the trace, which need not be there yet: clients link as they export, in any order.</summary>
    public static void Link(Tx tx, LinkKind kind, string target, string traceId) =>
        tx.Execute(
            "insert into tracing_links (kind, target, trace_id) values (@kind, @target, @trace_id) "
                + "on conflict (kind, target, trace_id) do nothing",
            ("kind", (int)kind),
            ("target", target),
            ("trace_id", traceId)
        );

    /// <summary>Makes this the run in which the trace was made, in place of any other.</summary>
    public static void LinkSource(Tx tx, string runId, string traceId)
    {
        tx.Execute(
            "delete from tracing_links where trace_id = @trace_id and kind = @kind",
            ("trace_id", traceId),
            ("kind", (int)LinkKind.SourceRun)
        );
        Link(tx, LinkKind.SourceRun, runId, traceId);
    }

    /// <summary>The traces with their tags and metadata.</summary>
    public static List<Trace> AddTo(Tx tx, IReadOnlyList<Trace> traces)
    {
        var byTrace = traces.ToDictionary(
            t => t.Number,
            _ => (Tags: new Dictionary<string, string>(), Metadata: new Dictionary<string, string>())
        );
        tx.Each(
            $"select trace_no, kind, key, value from tracing_labels where {tx.Dialect.AnyOf("trace_no", "numbers")}",
            r =>
            {
                var labels = byTrace[r.Long(0)];
                (r.Int(1) == (int)LabelKind.Tag ? labels.Tags : labels.Metadata)[r.Text(2)] = r.Text(3);
            },
            ("numbers", tx.Dialect.List(byTrace.Keys))
        );
        return [.. traces.Select(t => t with { Tags = byTrace[t.Number].Tags, Metadata = byTrace[t.Number].Metadata })];
    }

    /// <summary>What traces are linked to: targets by the id of the trace.</summary>
    public static ILookup<string, (LinkKind Kind, string Target)> LinksOf(Tx tx, IReadOnlyCollection<string> ids) =>
        tx.Many(
                $"select trace_id, kind, target from tracing_links where {tx.Dialect.AnyOf("trace_id", "ids")}",
                r => (Trace: r.Text(0), Kind: (LinkKind)r.Int(1), Target: r.Text(2)),
                ("ids", tx.Dialect.List(ids))
            )
            .ToLookup(link => link.Trace, link => (link.Kind, link.Target));
}
