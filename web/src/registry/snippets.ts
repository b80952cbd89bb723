/** How a model comes into the registry, said to several clients. */
export function snippets(model: string): Record<string, string> {
  const address = location.origin;
  const quoted = JSON.stringify(model);
  return {
    Python: `import mlflow

mlflow.set_tracking_uri("${address}")
with mlflow.start_run():
    mlflow.sklearn.log_model(fitted, name="model", registered_model_name=${quoted})`,
    curl: `curl ${address}/api/2.0/mlflow/registered-models/create -H 'Content-Type: application/json' \\
  -d '{"name": ${quoted}}'
curl ${address}/api/2.0/mlflow/model-versions/create -H 'Content-Type: application/json' \\
  -d '{"name": ${quoted}, "source": "'$ARTIFACT_URI'/model", "run_id": "'$RUN_ID'"}'`,
  };
}
