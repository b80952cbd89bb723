import { Link } from "@tanstack/react-router";
import type { Experiment, ExperimentCounts } from "../api/tracking";
import type { GridColumn } from "../kit/Grid";
import { When } from "../kit/Words";
import { count } from "../kit/words";
import { Status } from "./Status";
import styles from "./ExperimentsPage.module.css";

export function columnsOf(narrow: boolean, counts: ReadonlyMap<string, ExperimentCounts>): GridColumn<Experiment>[] {
  return [
    {
      id: "name",
      title: "Experiment",
      width: narrow ? 190 : 380,
      sortable: true,
      render: (item) => (
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: item.id }}
          tabIndex={-1}
          className={styles["name"]}
          title={item.name}
        >
          {item.name}
        </Link>
      ),
    },
    {
      id: "runs",
      title: "Runs",
      width: 90,
      align: "end",
      render: (item) => <span>{counts.has(item.id) ? count(counts.get(item.id)!.active) : ""}</span>,
    },
    {
      id: "now",
      title: "Now",
      width: 120,
      render: (item) => {
        const running = counts.get(item.id)?.by_status.running ?? 0;
        return running === 0 ? null : (
          <span className={styles["running"]}>
            <Status status="running" /> {running > 1 && count(running)}
          </span>
        );
      },
    },
    {
      id: "updated",
      title: "Last change",
      width: 130,
      sortable: true,
      render: (item) => <When ms={item.updated_ms} />,
    },
    { id: "created", title: "Created", width: 130, sortable: true, render: (item) => <When ms={item.created_ms} /> },
    {
      id: "note",
      title: "Description",
      width: 420,
      render: (item) => <span className={styles["note"]}>{firstLine(item.tags["mlflow.note.content"])}</span>,
    },
  ];
}

function firstLine(text: string | undefined): string {
  return (text ?? "")
    .trim()
    .split("\n", 1)[0]!
    .replace(/^#+\s*/, "");
}
