"""Files of runs and models: stored, listed, read and removed."""

import os
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts, load_dict, load_text

client = MlflowClient()
mlflow.set_experiment("artifacts")
with mlflow.start_run(run_name="files") as run, tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "größe 1.txt"), "w") as file:
        file.write("hello")
    os.mkdir(os.path.join(folder, "deep"))
    with open(os.path.join(folder, "deep", "numbers.bin"), "wb") as file:
        file.write(bytes(range(256)))
    mlflow.log_artifacts(folder, artifact_path="data")
    mlflow.log_text("noted", "notes/a.txt")
    mlflow.log_dict({"depth": 3}, "settings.json")

root = run.info.artifact_uri
assert load_text(f"{root}/notes/a.txt") == "noted"
assert load_dict(f"{root}/settings.json") == {"depth": 3}
assert [f.path for f in client.list_artifacts(run.info.run_id)] == ["data", "notes", "settings.json"]
listed = {f.path: f.file_size for f in client.list_artifacts(run.info.run_id, "data")}
assert listed == {"data/deep": None, "data/größe 1.txt": 5}, listed
with tempfile.TemporaryDirectory() as folder:
    path = download_artifacts(run_id=run.info.run_id, artifact_path="data", dst_path=folder)
    with open(os.path.join(path, "größe 1.txt")) as file:
        assert file.read() == "hello"
    with open(os.path.join(path, "deep", "numbers.bin"), "rb") as file:
        assert file.read() == bytes(range(256))

model = mlflow.create_external_model(name="elsewhere", params={"a": "1"})
assert model.status == "READY", model
