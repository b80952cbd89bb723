#!/usr/bin/env bash
# A run from its beginning to its end with curl alone. SLIPWAY names the server.
set -euo pipefail

api=${SLIPWAY:-http://127.0.0.1:5000}/api/2.0/mlflow
post() { curl -sS --fail-with-body -H 'Content-Type: application/json' "$api/$1" -d "$2"; }
field() { sed -nE "s/.*\"$1\":\"([^\"]+)\".*/\1/p" | head -n 1; }

experiment=$(post experiments/create '{"name": "by-hand"}' | field experiment_id)
run=$(post runs/create "{\"experiment_id\": \"$experiment\", \"run_name\": \"first\", \"start_time\": $(date +%s000)}" | field run_id)

post runs/log-parameter "{\"run_id\": \"$run\", \"key\": \"depth\", \"value\": \"3\"}"
post runs/log-batch "{\"run_id\": \"$run\", \"metrics\": [
  {\"key\": \"loss\", \"value\": 0.5, \"timestamp\": $(date +%s000), \"step\": 0},
  {\"key\": \"loss\", \"value\": 0.2, \"timestamp\": $(date +%s000), \"step\": 1}]}"
post runs/update "{\"run_id\": \"$run\", \"status\": \"FINISHED\", \"end_time\": $(date +%s000)}"

post runs/search "{\"experiment_ids\": [\"$experiment\"], \"filter\": \"metrics.loss < 0.3 OR params.depth = '5'\"}"
curl -sS --fail-with-body "$api/metrics/get-history?run_id=$run&metric_key=loss"
