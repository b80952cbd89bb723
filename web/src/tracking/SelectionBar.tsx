import { useState } from "react";
import { ask } from "../api/client";
import type { Run } from "../api/tracking";
import { Button, IconButton, LinkButton } from "../kit/Button";
import { save } from "../kit/save";
import { tell, tellFault } from "../kit/Toasts";
import { count, counted } from "../kit/words";
import { runsToCsv } from "./runsCsv";
import { TagDialog } from "./TagDialog";
import styles from "./SelectionBar.module.css";

/** More would not fit into an address, nor onto a page. */
const mostCompared = 100;
const atOnce = 8;

/** What can be done with the runs that are selected, wherever in the table they stand. */
export function SelectionBar({
  runs,
  columns,
  bin,
  onClear,
  onChanged,
}: {
  runs: readonly Run[];
  columns: readonly string[];
  bin: boolean;
  onClear: () => void;
  onChanged: () => void;
}) {
  const [tagging, setTagging] = useState(false);
  const ids = runs.map((run) => run.id);
  const move = async (to: "bin" | "use") => {
    try {
      await moveRuns(ids, to);
      const undo = async () => {
        await moveRuns(ids, to === "bin" ? "use" : "bin").catch(tellFault);
        onChanged();
      };
      tell(
        to === "bin" ? `${counted(ids.length, "run")} moved to the bin.` : `${counted(ids.length, "run")} restored.`,
        () => void undo(),
      );
    } catch (error) {
      tellFault(error);
    }
    onChanged();
  };
  const tag = async (key: string, value: string) => {
    const body = { metrics: [], params: {}, tags: { [key]: value } };
    await forEach(ids, (id) => ask(`/api/v1/runs/${id}/log`, { body }));
    tell(`${counted(ids.length, "run")} tagged ${key}.`);
    onChanged();
  };
  return (
    <div role="region" aria-label="Selected runs" className={styles["bar"]}>
      <b>{counted(runs.length, "run")} selected</b>
      {!bin && runs.length <= mostCompared && (
        <LinkButton icon="compare" kind="primary" to="/compare" search={{ runs: ids.join(",") }}>
          Compare
        </LinkButton>
      )}
      {!bin && runs.length > mostCompared && <span>Up to {count(mostCompared)} can be compared.</span>}
      {!bin && (
        <Button icon="tag" onClick={() => setTagging(true)}>
          Tag
        </Button>
      )}
      <Button
        icon="download"
        onClick={() => save("runs.csv", new Blob([runsToCsv(runs, columns)], { type: "text/csv" }))}
      >
        CSV
      </Button>
      {bin ? (
        <Button icon="restore" onClick={() => void move("use")}>
          Restore
        </Button>
      ) : (
        <Button icon="bin" kind="danger" onClick={() => void move("bin")}>
          Move to the bin
        </Button>
      )}
      <IconButton icon="close" label="Clear the selection" onClick={onClear} />
      {tagging && (
        <TagDialog title={`Tag ${counted(runs.length, "run")}`} onSave={tag} onClose={() => setTagging(false)} />
      )}
    </div>
  );
}

function moveRuns(ids: readonly string[], to: "bin" | "use"): Promise<void> {
  return forEach(ids, (id) =>
    to === "bin"
      ? ask(`/api/v1/runs/${id}`, { method: "DELETE" })
      : ask(`/api/v1/runs/${id}/restore`, { method: "POST" }),
  );
}

/** A few at a time: one by one would take long, all at once would keep others from the server. */
async function forEach(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> {
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await act(id);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
