"""A sweep with nested runs, batches as autologging sends them, a run that is resumed and one that fails."""

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

client = MlflowClient()
experiment = mlflow.set_experiment("training").experiment_id

with mlflow.start_run(run_name="sweep", tags={"kind": "sweep"}) as parent:
    for rate in (0.1, 0.01):
        with mlflow.start_run(nested=True, run_name=f"rate {rate}"):
            mlflow.log_params({"rate": rate, "optimizer": "adam"})
            for step in range(3):
                mlflow.log_metric("loss", 1 / (step + 1) + rate, step=step)
            mlflow.log_metrics({"accuracy": 1 - rate, "odd": float("nan"), "endless": float("inf")}, step=2)
children = client.search_runs(
    [experiment], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'", order_by=["metrics.accuracy DESC"]
)
assert [child.data.params["rate"] for child in children] == ["0.01", "0.1"], children
assert [point.step for point in client.get_metric_history(children[0].info.run_id, "loss")] == [0, 1, 2]
assert children[0].data.metrics["odd"] != children[0].data.metrics["odd"]
assert children[0].data.metrics["endless"] > 1e308
assert [run.info.run_name for run in client.search_runs([experiment], "metrics.odd > 0")] == []

# What autologging sends: parameters in hundreds, metrics in batches, and all of it twice where an answer got lost.
run = client.create_run(experiment, start_time=1).info.run_id
for part in range(2):
    client.log_batch(run, params=[Param(f"p{part}_{i}", str(i)) for i in range(20)])
batch = [Metric(f"m{i % 10}", i, 1000 + i, i) for i in range(40)]
for _ in range(2):
    client.log_batch(run, metrics=batch, params=[Param("p", "1")], tags=[RunTag("batch", "yes")])
assert len(client.get_metric_history(run, "m0")) == 4
data = client.get_run(run).data
assert (len(data.params), data.metrics["m9"], data.tags["batch"]) == (41, 39.0, "yes")
client.set_terminated(run, end_time=2)

with mlflow.start_run(run_id=run):
    mlflow.log_metric("m0", 7, step=500)
    assert client.get_run(run).info.status == "RUNNING"
resumed = client.get_run(run)
assert (resumed.info.status, resumed.data.metrics["m0"]) == ("FINISHED", 7.0)

try:
    with mlflow.start_run(run_name="broken") as broken:
        raise ValueError("on purpose")
except ValueError:
    pass
assert client.get_run(broken.info.run_id).info.status == "FAILED"

for refused, code in (
    (lambda: client.log_param(run, "p", "2"), "INVALID_PARAMETER_VALUE"),
    (lambda: client.log_batch(run, params=[Param("p", "3"), Param("new", "1")]), "INVALID_PARAMETER_VALUE"),
    (lambda: client.log_metric(run, "bad!key", 1), "INVALID_PARAMETER_VALUE"),
    (lambda: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST"),
    (lambda: client.delete_tag(run, "none"), "RESOURCE_DOES_NOT_EXIST"),
    (lambda: client.create_experiment("training"), "RESOURCE_ALREADY_EXISTS"),
):
    try:
        refused()
        raise AssertionError("this should have been refused")
    except mlflow.MlflowException as fault:
        assert fault.error_code == code, fault
assert "new" not in client.get_run(run).data.params

client.delete_run(run)
assert run not in [r.info.run_id for r in client.search_runs([experiment])]
assert [r.info.run_id for r in client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)] == [run]
client.restore_run(run)
client.update_run(run, name="renamed", status="KILLED")
assert client.get_run(run).data.tags["mlflow.runName"] == "renamed"
