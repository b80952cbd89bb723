import { Empty, Snippets } from "../kit/States";

/** What to do in an experiment that holds nothing yet. */
export function NoRuns({ experiment, bin }: { experiment: string; bin: boolean }) {
  if (bin) return <Empty icon="bin" title="The bin of this experiment is empty" />;
  return (
    <Empty icon="experiments" title="No run yet">
      <p>Log one from any of these; it shows here the moment it starts.</p>
      <Snippets snippets={snippets(experiment)} />
    </Empty>
  );
}

export function snippets(experiment: string): Record<string, string> {
  const address = location.origin;
  const quoted = JSON.stringify(experiment);
  return {
    Python: `import mlflow

mlflow.set_tracking_uri("${address}")
mlflow.set_experiment(${quoted})
with mlflow.start_run():
    mlflow.log_param("depth", 3)
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)`,
    "C#": `await using var slipway = new SlipwayClient("${address}");
await using var run = await slipway.StartRunAsync(${quoted});
run.Param("depth", 3);
for (var step = 0; step < 100; step++)
    run.Log("loss", 1.0 / (step + 1), step);
await run.FinishAsync();`,
    curl: `id=$(curl -s ${address}/api/v1/runs -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ experiment })}' | python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])')
curl ${address}/api/v1/runs/$id/log -H 'Content-Type: application/json' \\
  -d '{"params": {"depth": "3"}, "metrics": [{"key": "loss", "value": 0.5, "step": 1}]}'`,
  };
}
