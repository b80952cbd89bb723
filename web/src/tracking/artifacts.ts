// Artifacts of a run, over the routes that MLflow's clients use.
import { useQuery } from "@tanstack/react-query";
import { ask, send } from "../api/client";

export interface Artifact {
  path: string;
  is_dir: boolean;
  file_size?: number;
}

export type Preview = "text" | "json" | "markdown" | "table" | "image" | "html" | "notebook" | "parquet" | "none";

export const previewLimit = 1 << 20;

const images: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  svg: "image/svg+xml",
};
const texts =
  /^(txt|log|err|out|cfg|conf|ini|toml|yaml|yml|xml|js|ts|py|r|cs|sh|sql|java|scala|rst|tex|diff|patch|properties|dockerfile|mlmodel|mlproject|gitignore|lock)$/;

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return name.slice(name.lastIndexOf(".") + 1);
}

export function previewOf(path: string): Preview {
  const extension = extensionOf(path);
  if (Object.hasOwn(images, extension)) return "image";
  if (extension === "json" || extension === "geojson") return "json";
  if (extension === "ipynb") return "notebook";
  if (extension === "parquet") return "parquet";
  if (extension === "md" || extension === "markdown") return "markdown";
  if (extension === "csv" || extension === "tsv") return "table";
  if (extension === "html" || extension === "htm") return "html";
  return texts.test(extension) ? "text" : "none";
}

export function addressOf(runId: string, path: string): string {
  return `/get-artifact?run_uuid=${encodeURIComponent(runId)}&path=${encodeURIComponent(path)}`;
}

export function useArtifacts(runId: string, folder: string, enabled = true) {
  return useQuery({
    queryKey: ["artifacts", runId, folder],
    queryFn: ({ signal }) => readFolder(runId, folder, signal),
    enabled,
  });
}

export async function readFolder(runId: string, folder: string, signal: AbortSignal): Promise<Artifact[]> {
  const search = new URLSearchParams({ run_id: runId, ...(folder === "" ? {} : { path: folder }) });
  const found = await ask<{ files?: Artifact[] }>(`/ajax-api/2.0/mlflow/artifacts/list?${search}`, { signal });
  const files = found.files ?? [];
  return files.sort((a, b) => Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path));
}

export function useText(runId: string, path: string) {
  return useQuery({
    queryKey: ["artifact-text", runId, path],
    queryFn: async ({ signal }) => {
      const answer = await send(addressOf(runId, path), { signal });
      return await answer.text();
    },
    staleTime: Infinity,
  });
}

/** As a picture and nothing else: the type is ours, whatever the file says of itself, and a picture runs no script. */
export function useImage(runId: string, path: string) {
  return useQuery({
    queryKey: ["artifact-image", runId, path],
    queryFn: async ({ signal }) => {
      const answer = await send(addressOf(runId, path), { signal });
      return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type: images[extensionOf(path)] }));
    },
    staleTime: Infinity,
  });
}

/** Rows of comma- or tab-separated values; quotes may hold commas, line ends and doubled quotes. */
export function readTable(text: string, separator: string, rowLimit: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length && rows.length < rowLimit; i++) {
    const sign = text[i]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") {
      rows.push([...row, cell.replace(/\r$/, "")]);
      row = [];
      cell = "";
    } else cell += sign;
  }
  if (rows.length < rowLimit && (cell !== "" || row.length > 0)) rows.push([...row, cell]);
  return rows;
}
