"""Evaluation datasets: made, filled, found and emptied."""

import mlflow
from mlflow.genai import datasets

experiment = mlflow.set_experiment("evaluation").experiment_id
made = datasets.create_dataset(name="questions", experiment_id=experiment, tags={"version": "1"})
made.merge_records(
    [{"inputs": {"question": "a"}, "expectations": {"answer": "x"}}, {"inputs": {"question": "b"}}]
)
made.merge_records([{"inputs": {"question": "a"}, "expectations": {"answer": "y"}}])
read = datasets.get_dataset(dataset_id=made.dataset_id).to_df()
assert sorted(row["question"] for row in read["inputs"]) == ["a", "b"], read
assert {"answer": "y"} in list(read["expectations"]), read
assert [d.name for d in datasets.search_datasets(experiment_ids=[experiment])] == ["questions"]
assert [d.name for d in datasets.search_datasets(filter_string="name LIKE 'q%'")] == ["questions"]
datasets.set_dataset_tags(dataset_id=made.dataset_id, tags={"team": "a"})
datasets.delete_dataset_tag(dataset_id=made.dataset_id, key="version")
assert datasets.get_dataset(dataset_id=made.dataset_id).tags["team"] == "a"
assert made.delete_records([read["dataset_record_id"][0]]) == 1
datasets.delete_dataset(dataset_id=made.dataset_id)
assert datasets.search_datasets(experiment_ids=[experiment]) == []
