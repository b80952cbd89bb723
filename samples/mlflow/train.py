"""Fits a line to noisy points, once for each learning rate, and asks the server which of them came out best.

Nothing here knows about Slipway: MLFLOW_TRACKING_URI names the server, as it would name any other.
"""

import random

import mlflow

random.seed(7)
points = [(x, 3 * x + 1 + random.random() / 10) for x in (random.random() for _ in range(200))]

mlflow.set_experiment("line")
with mlflow.start_run(run_name="sweep", tags={"team": "samples"}):
    for rate in (0.01, 0.1, 0.5):
        with mlflow.start_run(run_name=f"rate {rate}", nested=True):
            mlflow.log_params({"learning_rate": rate, "optimizer": "sgd"})
            slope = intercept = 0.0
            for step in range(20):
                errors = [slope * x + intercept - y for x, y in points]
                mlflow.log_metric("loss", sum(e * e for e in errors) / len(points), step=step)
                slope -= rate * 2 * sum(e * x for e, (x, _) in zip(errors, points)) / len(points)
                intercept -= rate * 2 * sum(errors) / len(points)

client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("line")
best = client.search_runs(
    [experiment.experiment_id],
    "metrics.loss < 1 AND params.learning_rate IN ('0.01', '0.1', '0.5')",
    order_by=["metrics.loss ASC"],
)
for run in best:
    points_logged = len(client.get_metric_history(run.info.run_id, "loss"))
    print(f"{run.info.run_name}: loss {run.data.metrics['loss']:.4f} after {points_logged} steps")
