import { ask } from "../api/client";
import type { Run } from "../api/tracking";
import { Button, IconButton, LinkButton } from "../kit/Button";
import { tell, tellFault } from "../kit/Toasts";
import { counted } from "../kit/words";
import styles from "./SelectionBar.module.css";

/** What can be done with the runs that are selected, wherever in the table they stand. */
export function SelectionBar({
  runs,
  bin,
  onClear,
  onChanged,
}: {
  runs: readonly Run[];
  bin: boolean;
  onClear: () => void;
  onChanged: () => void;
}) {
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
  return (
    <div role="region" aria-label="Selected runs" className={styles["bar"]}>
      <b>{counted(runs.length, "run")} selected</b>
      {!bin && (
        <LinkButton icon="compare" kind="primary" to="/compare" search={{ runs: ids.join(",") }}>
          Compare
        </LinkButton>
      )}
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
    </div>
  );
}

export async function moveRuns(ids: readonly string[], to: "bin" | "use"): Promise<void> {
  for (const id of ids) {
    if (to === "bin") await ask(`/api/v1/runs/${id}`, { method: "DELETE" });
    else await ask(`/api/v1/runs/${id}/restore`, { method: "POST" });
  }
}
