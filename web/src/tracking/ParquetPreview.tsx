import { useQuery } from "@tanstack/react-query";
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { Fault, send } from "../api/client";
import { FaultView, SkeletonLines } from "../kit/States";
import { count } from "../kit/words";
import { addressOf } from "./artifacts";
import { DataTable } from "./DataTable";
import styles from "./RunArtifacts.module.css";

const rowsShown = 200;

/** The first rows of a Parquet file: of a large one only its foot and the columns' first pages are fetched. */
export function ParquetPreview({ runId, path, size }: { runId: string; path: string; size: number | undefined }) {
  const table = useQuery({
    queryKey: ["parquet", runId, path],
    queryFn: ({ signal }) => readTable(addressOf(runId, path), size, signal),
    staleTime: Infinity,
  });
  if (table.error) return <FaultView error={table.error} retry={() => void table.refetch()} />;
  if (!table.data) return <SkeletonLines />;
  const { head, rows, total } = table.data;
  return (
    <>
      <DataTable head={head} rows={rows} />
      <p className={styles["note"]}>
        {rows.length < total ? `The first ${count(rows.length)} of ${count(total)} rows` : `${count(total)} rows`},{" "}
        {count(head.length)} columns.
      </p>
    </>
  );
}

async function readTable(address: string, size: number | undefined, signal: AbortSignal) {
  const file = size ? ranged(address, size, signal) : await (await send(address, { signal })).arrayBuffer();
  try {
    const metadata = await parquetMetadataAsync(file);
    const head = parquetSchema(metadata).children.map((child) => child.element.name);
    const total = Number(metadata.num_rows);
    const rows = await parquetReadObjects({ file, metadata, rowStart: 0, rowEnd: Math.min(total, rowsShown) });
    return { head, total, rows: rows.map((row) => head.map((name) => textOf(row[name]))) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`This Parquet file cannot be shown: ${(error as Error).message}`, 400, "parquet", "Download it.");
  }
}

function ranged(address: string, byteLength: number, signal: AbortSignal) {
  return {
    byteLength,
    slice: async (start: number, end = byteLength) => {
      const answer = await send(address, { signal, headers: { Range: `bytes=${start}-${end - 1}` } });
      const content = await answer.arrayBuffer();
      return answer.status === 206 ? content : content.slice(start, end);
    },
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}
