using System.Globalization;

namespace Slipway.Tests.Host.Import;

/// <summary>Writes a folder as MLflow's file store does.</summary>
internal sealed class MlflowFolder(string root)
{
    public string Root { get; } = root;

    public string Experiment(string id, string name, string stage = "active", bool inTrash = false)
    {
        var folder = inTrash ? Path.Combine(Root, ".trash", id) : Path.Combine(Root, id);
        Write(
            $"artifact_location: file:///somewhere/else/mlruns/{id}\ncreation_time: 1700000000000\nexperiment_id: '{id}'\n"
                + $"last_update_time: 1700000000001\nlifecycle_stage: {stage}\nname: {name}\n",
            folder,
            "meta.yaml"
        );
        return folder;
    }

    public string Run(string experiment, string id, int status = 3, string stage = "active", string name = "first")
    {
        var folder = Path.Combine(experiment, id);
        Write(
            $"artifact_uri: file:///somewhere/else/mlruns/{Path.GetFileName(experiment)}/{id}/artifacts\nend_time: 1700000009000\n"
                + $"entry_point_name: ''\nexperiment_id: '{Path.GetFileName(experiment)}'\nlifecycle_stage: {stage}\nrun_id: {id}\n"
                + $"run_name: {name}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000001000\n"
                + $"status: {status.ToString(CultureInfo.InvariantCulture)}\ntags: []\nuser_id: ann\n",
            folder,
            "meta.yaml"
        );
        Directory.CreateDirectory(Path.Combine(folder, "artifacts"));
        return folder;
    }

    public static void Points(string run, string key, IEnumerable<(long Time, string Value, long Step)> points) =>
        Write(
            string.Concat(
                points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Time} {p.Value} {p.Step}\n"))
            ),
            run,
            "metrics",
            key
        );

    public static void Write(string text, params string[] path)
    {
        var file = Path.Combine(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>One of everything, as <see cref="Imported.CheckAsync"/> expects it to come over.</summary>
    public static MlflowFolder Sample(string root)
    {
        var folder = new MlflowFolder(root);
        var fares = folder.Experiment("7", "fares");
        Write("blue", fares, "tags", "team");
        var run = folder.Run(fares, Imported.RunId);
        Write("0.1", run, "params", "alpha");
        Write("x", run, "params", "long", "name");
        Write("Grüße", run, "tags", "note");
        Points(run, "loss", Enumerable.Range(0, 500).Select(i => (1_700_000_000_000L + i, $"{500 - i}.5", (long)i)));
        Points(run, "odd", [(1_700_000_000_000, "nan", 0), (1_700_000_000_000, "inf", 1)]);
        Write("hello", run, "artifacts", "sub", "a é.txt");
        Write(
            "digest: abc123\nname: trips\nprofile: '{\"num_rows\": 10}'\nschema: '{\"mlflow_colspec\": [{\"type\": \"long\", \"name\":\n  \"a\"}]}'\n"
                + "source: '{\"uri\": \"/data\"}'\nsource_type: local\n",
            fares,
            "datasets",
            "d1",
            "meta.yaml"
        );
        Write(
            "destination_id: d1\ndestination_type: RUN\nsource_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: training\n",
            run,
            "inputs",
            "i1",
            "meta.yaml"
        );
        Write(
            $"destination_id: {Imported.ModelId}\ndestination_type: MODEL_OUTPUT\nsource_type: RUN_OUTPUT\nstep: 3\ntags: {{}}\n",
            run,
            "outputs",
            Imported.ModelId,
            "meta.yaml"
        );
        Write(
            $"artifact_location: file:///x/{Imported.ModelId}\ncreation_timestamp: 1700000002000\nexperiment_id: '7'\nlast_updated_timestamp: 1700000003000\n"
                + $"lifecycle_stage: active\nmodel_id: {Imported.ModelId}\nmodel_type: agent\nname: net\nsource_run_id: {Imported.RunId}\nstatus: 2\n",
            fares,
            "models",
            Imported.ModelId,
            "meta.yaml"
        );
        Write("3", fares, "models", Imported.ModelId, "params", "depth");
        Write($"1700000004000 0.9 1 {Imported.RunId}\n", fares, "models", Imported.ModelId, "metrics", "acc");
        Write("weights", fares, "models", Imported.ModelId, "artifacts", "w.bin");
        folder.Run(fares, Imported.DeletedRunId, status: 4, stage: "deleted");
        folder.Run(folder.Experiment("8", "gone", "deleted", inTrash: true), Imported.GoneRunId, stage: "deleted");
        return folder;
    }
}
