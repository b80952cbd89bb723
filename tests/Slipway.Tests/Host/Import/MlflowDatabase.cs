using Microsoft.Data.Sqlite;

namespace Slipway.Tests.Host.Import;

/// <summary>Writes a database with the tables that MLflow 3 has in its own, as far as an import looks at them.</summary>
internal sealed class MlflowDatabase : IDisposable
{
    private const string Schema = """
        create table experiments (experiment_id integer primary key, name varchar(256), artifact_location varchar(256), lifecycle_stage varchar(32), creation_time bigint, last_update_time bigint, workspace varchar(63) default 'default');
        create table experiment_tags (key varchar(250), value varchar(5000), experiment_id integer, primary key (key, experiment_id));
        create table runs (run_uuid varchar(32) primary key, name varchar(250), source_type varchar(20), source_name varchar(500), entry_point_name varchar(50), user_id varchar(256), status varchar(20), start_time bigint, end_time bigint, deleted_time bigint, source_version varchar(50), lifecycle_stage varchar(20), artifact_uri varchar(200), experiment_id integer);
        create table params (key varchar(250), value varchar(8000), run_uuid varchar(32), primary key (key, run_uuid));
        create table tags (key varchar(250), value varchar(8000), run_uuid varchar(32), primary key (key, run_uuid));
        create table metrics (key varchar(250), value double, timestamp bigint, step bigint default 0, is_nan boolean default 0, run_uuid varchar(32), primary key (key, timestamp, step, run_uuid, value, is_nan));
        create index index_metrics_run_uuid on metrics (run_uuid);
        create table datasets (dataset_uuid varchar(36), experiment_id integer, name varchar(500), digest varchar(36), dataset_source_type varchar(36), dataset_source text, dataset_schema text, dataset_profile text);
        create table inputs (input_uuid varchar(36), source_type varchar(36), source_id varchar(36), destination_type varchar(36), destination_id varchar(36), step bigint default 0);
        create table input_tags (input_uuid varchar(36), name varchar(255), value varchar(500));
        create table logged_models (model_id varchar(36), experiment_id integer, name varchar(500), artifact_location varchar(1000), creation_timestamp_ms bigint, last_updated_timestamp_ms bigint, status integer, lifecycle_stage varchar(32), model_type varchar(500), source_run_id varchar(32), status_message varchar(1000));
        create table logged_model_metrics (model_id varchar(36), metric_name varchar(500), metric_timestamp_ms bigint, metric_step bigint, metric_value double, experiment_id integer, run_id varchar(32), dataset_uuid varchar(36), dataset_name varchar(500), dataset_digest varchar(36));
        create table logged_model_params (model_id varchar(36), experiment_id integer, param_key varchar(255), param_value text);
        create table logged_model_tags (model_id varchar(36), experiment_id integer, tag_key varchar(255), tag_value text);
        create table registered_models (name varchar(256) primary key);
        create table trace_info (request_id varchar(50), experiment_id integer, timestamp_ms bigint, execution_time_ms bigint, status varchar(50), client_request_id varchar(50), request_preview varchar(1000), response_preview varchar(1000));
        create table trace_tags (key varchar(250), value varchar(8000), request_id varchar(50));
        create table trace_request_metadata (key varchar(250), value varchar(8000), request_id varchar(50));
        create table spans (trace_id varchar(50), experiment_id integer, span_id varchar(50), parent_span_id varchar(50), name text, type varchar(500), status varchar(50), start_time_unix_nano bigint, end_time_unix_nano bigint, content text, dimension_attributes json);
        create table assessments (assessment_id varchar(50), trace_id varchar(50), name varchar(250), assessment_type varchar(20), value text, error text, created_timestamp bigint, last_updated_timestamp bigint, source_type varchar(50), source_id varchar(250), run_id varchar(32), span_id varchar(50), rationale text, overrides varchar(50), valid boolean, assessment_metadata text);
        create table entity_associations (association_id varchar(36), source_type varchar(36), source_id varchar(36), destination_type varchar(36), destination_id varchar(36), created_time bigint);
        create table evaluation_datasets (dataset_id varchar(36), name varchar(255), schema text, profile text, digest varchar(64), created_time bigint, last_update_time bigint, created_by varchar(255), last_updated_by varchar(255), workspace varchar(63));
        create table evaluation_dataset_tags (dataset_id varchar(36), key varchar(255), value varchar(5000));
        create table evaluation_dataset_records (dataset_record_id varchar(36), dataset_id varchar(36), inputs json, expectations json, tags json, source json, source_id varchar(36), source_type varchar(255), created_time bigint, last_update_time bigint, created_by varchar(255), last_updated_by varchar(255), input_hash varchar(64), outputs json);
        """;

    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;

    public MlflowDatabase(string file)
    {
        Natives.SqliteLibrary.Bind();
        connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()
        );
        connection.Open();
        transaction = connection.BeginTransaction();
        Run(Schema);
    }

    public void Run(string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    public void Experiment(long id, string name, string stage = "active") =>
        Run(
            "insert into experiments values ($a, $b, $c, $d, 1700000000000, 1700000000001, 'default')",
            id,
            name,
            $"mlflow-artifacts:/{id}",
            stage
        );

    public void Run(
        long experiment,
        string id,
        string status = "FINISHED",
        string stage = "active",
        string? artifacts = null
    ) =>
        Run(
            "insert into runs values ($a, 'first', 'LOCAL', '', '', 'ann', $b, 1700000001000, 1700000009000, null, '', $c, $d, $e)",
            id,
            status,
            stage,
            artifacts ?? $"mlflow-artifacts:/{experiment}/{id}/artifacts",
            experiment
        );

    public void Point(string run, string key, long time, double value, long step, bool isNan = false) =>
        Run("insert into metrics values ($a, $b, $c, $d, $e, $f)", key, value, time, step, isNan ? 1 : 0, run);

    public void Dispose()
    {
        transaction.Commit();
        transaction.Dispose();
        connection.Dispose();
    }

    /// <summary>One of everything, as <see cref="Imported.CheckAsync"/> expects it to come over.</summary>
    public static void WriteSample(string folder)
    {
        using var database = new MlflowDatabase(Path.Combine(folder, "mlflow.db"));
        database.Experiment(0, "Default");
        database.Experiment(7, "fares");
        database.Run("insert into experiment_tags values ('team', 'blue', 7)");
        database.Run(7, Imported.RunId);
        database.Run("insert into params values ('alpha', '0.1', $a), ('long/name', 'x', $a)", Imported.RunId);
        database.Run("insert into tags values ('note', 'Grüße', $a)", Imported.RunId);
        for (var i = 0; i < 500; i++)
            database.Point(Imported.RunId, "loss", 1_700_000_000_000 + i, 500.5 - i, i);
        database.Point(Imported.RunId, "odd", 1_700_000_000_000, 0, 0, isNan: true);
        database.Point(Imported.RunId, "odd", 1_700_000_000_000, double.MaxValue, 1);
        MlflowFolder.Write("hello", folder, "mlartifacts", "7", Imported.RunId, "artifacts", "sub", "a é.txt");
        database.Run(
            "insert into datasets values ('d1', 7, 'trips', 'abc123', 'local', '{\"uri\": \"/data\"}', '{\"mlflow_colspec\": [{\"type\": \"long\", \"name\": \"a\"}]}', '{\"num_rows\": 10}')"
        );
        database.Run("insert into inputs values ('i1', 'DATASET', 'd1', 'RUN', $a, 0)", Imported.RunId);
        database.Run("insert into input_tags values ('i1', 'mlflow.data.context', 'training')");
        database.Run(
            "insert into inputs values ('i2', 'RUN_OUTPUT', $a, 'MODEL_OUTPUT', $b, 3)",
            Imported.RunId,
            Imported.ModelId
        );
        database.Run(
            "insert into logged_models values ($a, 7, 'net', $b, 1700000002000, 1700000003000, 2, 'active', 'agent', $c, null)",
            Imported.ModelId,
            $"mlflow-artifacts:/7/models/{Imported.ModelId}/artifacts",
            Imported.RunId
        );
        database.Run("insert into logged_model_params values ($a, 7, 'depth', '3')", Imported.ModelId);
        database.Run(
            "insert into logged_model_metrics values ($a, 'acc', 1700000004000, 1, 0.9, 7, $b, null, null, null)",
            Imported.ModelId,
            Imported.RunId
        );
        MlflowFolder.Write("weights", folder, "mlartifacts", "7", "models", Imported.ModelId, "artifacts", "w.bin");
        database.Run(7, Imported.DeletedRunId, "FAILED", "deleted");
        database.Experiment(8, "gone", "deleted");
        database.Run(8, Imported.GoneRunId, "FINISHED", "deleted");
        ImportedTraces.Write(database, folder);
    }
}
