import { lazy, Suspense } from "react";
import { Markdown } from "../kit/Markdown";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { bytes, count } from "../kit/words";
import { previewLimit, previewOf, readTable, useImage, useText } from "./artifacts";
import { DataTable } from "./DataTable";
import { Notebook } from "./Notebook";
import styles from "./RunArtifacts.module.css";

const tableRows = 500;
const ParquetPreview = lazy(() => import("./ParquetPreview").then((file) => ({ default: file.ParquetPreview })));

/** What a file looks like, without leaving the page. */
export function ArtifactPreview({ runId, path, size }: { runId: string; path: string; size: number | undefined }) {
  const kind = previewOf(path);
  if (kind === "none")
    return (
      <Empty icon="file" title="There is no preview for this kind of file">
        <p>Download it to look at it.</p>
      </Empty>
    );
  if (kind === "image") return <ImagePreview runId={runId} path={path} />;
  if (kind === "parquet")
    return (
      <Suspense fallback={<SkeletonLines />}>
        <ParquetPreview runId={runId} path={path} size={size} />
      </Suspense>
    );
  if ((size ?? 0) > previewLimit)
    return (
      <Empty icon="file" title={`${bytes(size!)} is more than a preview shows`}>
        <p>Download it to look at it; up to {bytes(previewLimit)} are shown here.</p>
      </Empty>
    );
  return <TextPreview runId={runId} path={path} />;
}

function ImagePreview({ runId, path }: { runId: string; path: string }) {
  const image = useImage(runId, path);
  if (image.error) return <FaultView error={image.error} retry={() => void image.refetch()} />;
  if (!image.data) return <SkeletonLines />;
  return <img className={styles["image"]} src={image.data} alt={path} />;
}

function TextPreview({ runId, path }: { runId: string; path: string }) {
  const text = useText(runId, path);
  if (text.error) return <FaultView error={text.error} retry={() => void text.refetch()} />;
  if (text.data === undefined) return <SkeletonLines />;
  switch (previewOf(path)) {
    case "markdown":
      return (
        <div className={styles["text"]}>
          <Markdown text={text.data} />
        </div>
      );
    case "json":
      return <Code text={pretty(text.data)} />;
    case "notebook":
      return <Notebook text={text.data} />;
    case "table":
      return <Table text={text.data} separator={path.toLowerCase().endsWith(".tsv") ? "\t" : ","} />;
    case "html":
      // Neither scripts nor our origin nor forms nor windows: the frame can only be looked at.
      return <iframe className={styles["frame"]} sandbox="" srcDoc={text.data} title={path} />;
    default:
      return <Code text={text.data} />;
  }
}

function Code({ text }: { text: string }) {
  return (
    <pre className={styles["code"]} tabIndex={0} aria-label="Content">
      {text}
    </pre>
  );
}

function Table({ text, separator }: { text: string; separator: string }) {
  const [head = [], ...rows] = readTable(text, separator, tableRows + 1);
  return (
    <>
      <DataTable head={head} rows={rows} />
      {rows.length === tableRows && <p className={styles["note"]}>The first {count(tableRows)} rows.</p>}
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
