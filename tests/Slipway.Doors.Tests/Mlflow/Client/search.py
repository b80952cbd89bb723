"""Filters, orders and pages of runs and experiments; OR, parentheses and IN are ours."""

from mlflow import MlflowClient

client = MlflowClient()
experiment = client.create_experiment("search", tags={"area": "north"})
for i in range(6):
    run = client.create_run(
        experiment, run_name=f"r{i}", start_time=1000 + i, tags={"team": "a" if i % 2 else "b"}
    ).info.run_id
    client.log_metric(run, "accuracy", i / 10, timestamp=1, step=0)
    client.log_param(run, "depth", str(i))
    if i < 3:
        client.set_terminated(run, end_time=2000)


def found(text):
    return " ".join(run.info.run_name for run in client.search_runs([experiment], text, order_by=["params.depth"]))


for text, expected in (
    ("metrics.accuracy > 0.2 and tags.team = 'a'", "r3 r5"),
    ("params.depth = '1' OR metrics.accuracy >= 0.4", "r1 r4 r5"),
    ("(params.depth = '1' OR params.depth = '2') AND tags.team = 'b'", "r2"),
    ("(status != 'FINISHED')", "r3 r4 r5"),
    ("params.depth IN ('1', '4')", "r1 r4"),
    ("params.depth NOT IN ('1', '4')", "r0 r2 r3 r5"),
    ("metrics.accuracy IN (0.1, 0.3)", "r1 r3"),
    ("attributes.status = 'RUNNING'", "r3 r4 r5"),
    ("attributes.run_name LIKE 'r%' AND start_time >= 1004", "r4 r5"),
    ("tags.team ILIKE 'A'", "r1 r3 r5"),
    ("params.none IS NULL AND tags.team IS NOT NULL", "r0 r1 r2 r3 r4 r5"),
    ("metrics.none > 0", ""),
    ("params.none != 'x'", ""),
):
    assert found(text) == expected, (text, found(text), expected)
for text in ("metrics.accuracy ! 3", "metrics.accuracy = 'a'", "params.depth = 3", "foo.bar = 'x'", "(metrics.accuracy > 1"):
    try:
        found(text)
        raise AssertionError(text)
    except Exception as fault:
        assert getattr(fault, "error_code", "") == "INVALID_PARAMETER_VALUE", fault

names, token = [], None
while True:
    page = client.search_runs([experiment], order_by=["metrics.accuracy DESC"], max_results=4, page_token=token)
    names += [run.info.run_name for run in page]
    token = page.token
    if not token:
        break
assert names == ["r5", "r4", "r3", "r2", "r1", "r0"], names

client.create_experiment("other", tags={"area": "south"})
for text, expected in (
    ("name = 'search'", ["search"]),
    ("tags.area = 'south'", ["other"]),
    ("tags.area = 'south' OR name LIKE 'sea%'", ["other", "search"]),
    ("name ILIKE 'SEA%'", ["search"]),
):
    assert [e.name for e in client.search_experiments(filter_string=text, order_by=["name"])] == expected, text
client.rename_experiment(experiment, "renamed")
assert client.get_experiment_by_name("search") is None
client.delete_experiment(experiment)
assert "renamed" not in [e.name for e in client.search_experiments()]
client.restore_experiment(experiment)
