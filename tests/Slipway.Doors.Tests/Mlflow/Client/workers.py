"""Eight workers that log to one run at the same time."""

import threading

from mlflow import MlflowClient

client = MlflowClient()
run = client.create_run("0", start_time=1).info.run_id
failures = []


def work(worker):
    try:
        mine = MlflowClient()
        for step in range(3):
            mine.log_metric(run, "shared", 10 * step + worker, timestamp=worker + 1, step=step)
            mine.log_metric(run, f"own {worker}", step, timestamp=1, step=step)
            mine.log_param(run, f"{worker} {step}", step)
            mine.log_param(run, "same", "for all")
            mine.set_tag(run, f"last {worker}", str(step))
    except Exception as fault:
        failures.append(fault)


workers = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert not failures, failures
assert len(client.get_metric_history(run, "shared")) == 24
data = client.get_run(run).data
assert (len(data.params), len(data.metrics), data.metrics["shared"]) == (25, 9, 27.0), data
