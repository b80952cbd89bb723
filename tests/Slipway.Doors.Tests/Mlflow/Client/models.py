"""Logged models with parameters, tags and what runs measure on them; datasets that runs read."""

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput

client = MlflowClient()
experiment = mlflow.set_experiment("models").experiment_id
model = client.create_logged_model(
    experiment, name="net", params={"depth": "3"}, tags={"stage": "new"}, model_type="agent"
)
assert model.status == "PENDING", model
assert client.finalize_logged_model(model.model_id, "READY").status == "READY"

with mlflow.start_run(run_name="measured") as run:
    mlflow.log_metric("accuracy", 0.8, step=1, model_id=model.model_id)
    mlflow.log_metrics({"accuracy": 0.9, "f1": 0.7}, step=2, model_id=model.model_id)
read = client.get_logged_model(model.model_id)
assert sorted((m.key, m.value) for m in read.metrics) == [("accuracy", 0.8), ("accuracy", 0.9), ("f1", 0.7)]

other = client.create_logged_model(experiment, name="tree", params={"depth": "9"})
for text, names in (
    ("metrics.accuracy > 0.5 AND params.depth = '3'", ["net"]),
    ("name LIKE '%e%'", ["net", "tree"]),
    ("name = 'tree' OR metrics.f1 > 0.5", ["net", "tree"]),
    ("tags.stage = 'new'", ["net"]),
):
    found = client.search_logged_models([experiment], text, order_by=[{"field_name": "name"}])
    assert [m.name for m in found] == names, (text, found)
client.set_logged_model_tags(model.model_id, {"stage": "old", "extra": "1"})
client.delete_logged_model_tag(model.model_id, "extra")
assert client.get_logged_model(model.model_id).tags == {"stage": "old"}
client.delete_logged_model(other.model_id)
try:
    client.get_logged_model(other.model_id)
    raise AssertionError("a deleted model was found")
except mlflow.MlflowException as fault:
    assert fault.error_code == "RESOURCE_DOES_NOT_EXIST"

data = Dataset(name="rides", digest="d1", source_type="local", source="rides.csv", schema="{}", profile="{}")
client.log_inputs(
    run.info.run_id,
    [DatasetInput(data, [InputTag("mlflow.data.context", "training")])],
    [LoggedModelInput(model.model_id)],
)
client.log_outputs(run.info.run_id, [LoggedModelOutput(model.model_id, 2)])
read = client.get_run(run.info.run_id)
assert [i.dataset.name for i in read.inputs.dataset_inputs] == ["rides"]
assert [o.model_id for o in read.outputs.model_outputs] == [model.model_id]
for text in ("datasets.name = 'rides'", "dataset.context LIKE 'train%'", "datasets.digest IN ('d1', 'd2')"):
    assert [r.info.run_id for r in client.search_runs([experiment], text)] == [run.info.run_id], text
