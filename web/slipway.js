// The first page: what runs, which experiments there are, and the latest runs of one of them. The address holds the
// chosen experiment, so back, refresh and a copied link work.
const element = (id) => document.getElementById(id);

async function ask(path, body) {
  const answer = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.title ?? content.message ?? `The server answered ${answer.status}.`);
  return content;
}

function cell(row, content, kind) {
  const made = row.insertCell();
  made.append(content);
  if (kind) made.className = kind;
  return made;
}

const instant = (ms) => {
  const time = document.createElement("time");
  time.dateTime = new Date(Number(ms)).toISOString();
  time.textContent = new Date(Number(ms)).toLocaleString();
  return time;
};

async function showStatus() {
  const status = element("status");
  try {
    const health = await ask("/api/v1/health");
    element("version").textContent = health.version;
    status.textContent = health.status === "ok" ? `Ready. The store is ${health.store}.` : `${health.status}: ${health.reason}`;
    status.className = health.status === "ok" ? "good" : "bad";
  } catch (error) {
    status.textContent = `The server does not answer: ${error.message}`;
    status.className = "bad";
  }
}

async function showExperiments() {
  const note = element("experiments-note");
  try {
    const { experiments = [] } = await ask("/ajax-api/2.0/mlflow/experiments/search?max_results=100&order_by=last_update_time%20DESC");
    const rows = element("experiments").tBodies[0];
    for (const experiment of experiments) {
      const row = rows.insertRow();
      const open = document.createElement("button");
      open.textContent = experiment.name;
      open.onclick = () => (location.hash = experiment.experiment_id);
      cell(row, open);
      cell(row, experiment.experiment_id, "number");
      cell(row, instant(experiment.last_update_time));
    }
    element("experiments").hidden = experiments.length === 0;
    note.hidden = experiments.length > 0;
    note.textContent = "There is no experiment yet. The first run that a client logs makes one.";
  } catch (error) {
    note.textContent = error.message;
    note.className = "bad";
  }
}

async function showRuns() {
  const id = location.hash.slice(1);
  element("runs-section").hidden = !id;
  if (!id) return;
  const note = element("runs-note");
  const table = element("runs");
  table.tHead.replaceChildren();
  table.tBodies[0].replaceChildren();
  try {
    const { experiment } = await ask(`/ajax-api/2.0/mlflow/experiments/get?experiment_id=${encodeURIComponent(id)}`);
    const { runs = [] } = await ask("/ajax-api/2.0/mlflow/runs/search", { experiment_ids: [id], max_results: 50 });
    element("runs-title").textContent = `Runs of ${experiment.name}`;
    note.textContent = runs.length === 50 ? "The latest 50." : runs.length === 0 ? "No run yet." : "";
    note.className = "note";
    fillRuns(table, runs);
  } catch (error) {
    note.textContent = error.message;
    note.className = "bad";
  }
}

function fillRuns(table, runs) {
  if (runs.length === 0) return;
  const values = (list) => new Map((list ?? []).map((entry) => [entry.key, entry.value]));
  const shown = runs.map((run) => ({ ...run.info, metrics: values(run.data.metrics), params: values(run.data.params) }));
  const names = (of) => [...new Set(shown.flatMap((run) => [...run[of].keys()]))].slice(0, 8);
  const [metrics, params] = [names("metrics"), names("params")];
  const head = table.tHead.insertRow();
  for (const title of ["Run", "Status", "Start", ...metrics, ...params]) {
    const made = document.createElement("th");
    made.scope = "col";
    made.textContent = title;
    if (metrics.includes(title)) made.className = "number";
    head.append(made);
  }
  for (const run of shown) {
    const row = table.tBodies[0].insertRow();
    cell(row, run.run_name);
    cell(row, run.status.toLowerCase(), run.status === "FAILED" ? "bad" : undefined);
    cell(row, instant(run.start_time));
    for (const name of metrics) cell(row, number(run.metrics.get(name)), "number");
    for (const name of params) cell(row, run.params.get(name) ?? "");
  }
}

const number = (value) =>
  value === undefined ? "" : typeof value === "number" ? value.toLocaleString(undefined, { maximumSignificantDigits: 6 }) : String(value);

element("connect").textContent = `export MLFLOW_TRACKING_URI=${location.origin}`;
addEventListener("hashchange", showRuns);
showStatus();
showExperiments();
showRuns();
