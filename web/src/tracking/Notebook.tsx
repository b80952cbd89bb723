import { Markdown } from "../kit/Markdown";
import { Empty } from "../kit/States";
import { plain } from "./RunLogs";
import styles from "./RunArtifacts.module.css";

type Lines = string | string[] | undefined;

interface Output {
  output_type?: string;
  text?: Lines;
  traceback?: string[];
  data?: Record<string, Lines>;
}

interface NotebookCell {
  cell_type?: string;
  source?: Lines;
  execution_count?: number | null;
  outputs?: Output[];
}

/** A notebook as it was saved. Nothing in it runs: pages inside of it are shown in a frame that has no rights. */
export function Notebook({ text }: { text: string }) {
  const cells = readCells(text);
  if (!cells) return <Empty icon="file" title="This file ends in .ipynb and is no notebook" />;
  return (
    <div className={styles["notebook"]}>
      {cells.map((cell, i) =>
        cell.cell_type === "markdown" ? (
          <Markdown key={i} text={join(cell.source)} />
        ) : (
          <div key={i}>
            <small>{cell.execution_count ? `[${cell.execution_count}]` : ""}</small>
            <pre className={styles["input"]} tabIndex={0} aria-label={`Cell ${i + 1}`}>
              {join(cell.source)}
            </pre>
            {Array.isArray(cell.outputs) && cell.outputs.map((output, j) => <Shown key={j} output={output} />)}
          </div>
        ),
      )}
    </div>
  );
}

function Shown({ output }: { output: Output }) {
  if (Array.isArray(output.traceback))
    return <pre className={styles["error"]}>{plain(output.traceback.map(String).join("\n"))}</pre>;
  const data = output.data ?? {};
  for (const type of ["image/png", "image/jpeg"]) {
    const encoded = join(data[type]).replace(/\s/g, "");
    if (/^[A-Za-z0-9+/]+=*$/.test(encoded)) return <img src={`data:${type};base64,${encoded}`} alt="Output" />;
  }
  const text = join(output.text) || join(data["text/plain"]);
  const html = join(data["text/html"]);
  if (html !== "" && text === "") return <iframe className={styles["frame"]} sandbox="" srcDoc={html} title="Output" />;
  return text === "" ? null : <pre>{plain(text)}</pre>;
}

function readCells(text: string): NotebookCell[] | undefined {
  try {
    const found = JSON.parse(text) as { cells?: unknown };
    return Array.isArray(found.cells)
      ? found.cells.filter((cell): cell is NotebookCell => typeof cell === "object" && cell !== null)
      : undefined;
  } catch {
    return undefined;
  }
}

function join(lines: Lines): string {
  return Array.isArray(lines) ? lines.map(String).join("") : typeof lines === "string" ? lines : "";
}
