using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// What runs measured on logged models. A run, a model and a dataset together own points in <see cref="MetricStore"/>
/// as a run does, so a model's points are appended and folded like any, and a point needs no more room than others.
/// </summary>
internal sealed class ModelSeriesStore(MetricStore metrics, RowNumbers numbers)
{
    private const string None = "";

    /// <summary>Adds points that name the model and dataset of this group; the owner they now have.</summary>
    public long Append(Tx tx, long modelNumber, RunHead run, DatasetKey dataset, IReadOnlyList<Metric> points)
    {
        var owner = Ensure(tx, modelNumber, run.Number, dataset);
        metrics.Append(tx, owner, points);
        return owner;
    }

    /// <summary>Takes over points of this group that were measured elsewhere.</summary>
    public void Add(Tx tx, long modelNumber, RunHead run, DatasetKey dataset, IReadOnlyList<Metric> points) =>
        metrics.Add(tx, Ensure(tx, modelNumber, run.Number, dataset), points);

    /// <summary>The points of each of these models that has any.</summary>
    public ILookup<long, ModelMetric> MetricsOf(Tx tx, IReadOnlyCollection<long> modelNumbers)
    {
        var series = tx.Many(
            "select s.series_no, s.model_no, r.run_id, m.model_id, s.dataset_name, s.dataset_digest from tracking_model_series s "
                + "join tracking_models m on m.model_no = s.model_no join tracking_runs r on r.run_no = s.run_no "
                + $"where {tx.Dialect.AnyOf("s.model_no", "numbers")} order by s.series_no",
            r =>
                (
                    Owner: r.Long(0),
                    Model: r.Long(1),
                    RunId: r.Text(2),
                    ModelId: r.Text(3),
                    DatasetName: r.Text(4),
                    DatasetDigest: r.Text(5)
                ),
            ("numbers", tx.Dialect.List(modelNumbers))
        );
        var points = metrics.PointsOf(tx, series.ConvertAll(s => s.Owner));
        return series
            .SelectMany(s =>
                points[s.Owner]
                    .Select(metric =>
                        (
                            s.Model,
                            Metric: new ModelMetric(
                                s.RunId,
                                metric with
                                {
                                    ModelId = s.ModelId,
                                    DatasetName = NullIfNone(s.DatasetName),
                                    DatasetDigest = NullIfNone(s.DatasetDigest),
                                }
                            )
                        )
                    )
            )
            .ToLookup(item => item.Model, item => item.Metric);
    }

    /// <summary>Removes what a run measured, with the run.</summary>
    public static void DeleteOfRun(Tx tx, long runNumber) =>
        Delete(
            tx,
            tx.Many(
                "select series_no from tracking_model_series where run_no = @run_no",
                r => r.Long(0),
                ("run_no", runNumber)
            )
        );

    /// <summary>Removes what was measured on a model, with the model.</summary>
    public static void DeleteOfModel(Tx tx, long modelNumber) =>
        Delete(
            tx,
            tx.Many(
                "select series_no from tracking_model_series where model_no = @model_no",
                r => r.Long(0),
                ("model_no", modelNumber)
            )
        );

    private static void Delete(Tx tx, List<long> owners)
    {
        foreach (var owner in owners)
        {
            MetricStore.DeleteAll(tx, owner);
            tx.Execute("delete from tracking_model_series where series_no = @series_no", ("series_no", owner));
        }
    }

    private long Ensure(Tx tx, long modelNumber, long runNumber, DatasetKey dataset)
    {
        if (Find(tx, modelNumber, runNumber, dataset) is var known and not 0)
            return known;
        tx.Execute(
            "insert into tracking_model_series (series_no, model_no, run_no, dataset_name, dataset_digest) "
                + "values (@series_no, @model_no, @run_no, @dataset_name, @dataset_digest) "
                + "on conflict (model_no, run_no, dataset_name, dataset_digest) do nothing",
            ("series_no", numbers.Next()),
            ("model_no", modelNumber),
            ("run_no", runNumber),
            ("dataset_name", dataset.Name),
            ("dataset_digest", dataset.Digest)
        );
        return Find(tx, modelNumber, runNumber, dataset);
    }

    private static long Find(Tx tx, long modelNumber, long runNumber, DatasetKey dataset) =>
        tx.One(
            "select series_no from tracking_model_series where model_no = @model_no and run_no = @run_no "
                + "and dataset_name = @dataset_name and dataset_digest = @dataset_digest",
            r => r.Long(0),
            ("model_no", modelNumber),
            ("run_no", runNumber),
            ("dataset_name", dataset.Name),
            ("dataset_digest", dataset.Digest)
        );

    private static string? NullIfNone(string text) => text == None ? null : text;
}
