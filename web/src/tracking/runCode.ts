// What is known of the code and the environment that made a run: tags of clients, and files that they keep beside it.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client";
import type { Run } from "../api/tracking";
import { addressOf, readFolder } from "./artifacts";

export interface CodeFile {
  path: string;
  text: string;
}

export interface RunCode {
  facts: [string, string][];
  /** What was changed and not committed. */
  diff?: CodeFile;
  environment: CodeFile[];
}

const facts: Record<string, string> = {
  "mlflow.source.name": "Source",
  "mlflow.source.type": "Kind of source",
  "mlflow.project.entryPoint": "Entry point",
  "mlflow.source.git.repoURL": "Repository",
  "mlflow.git.repo_url": "Repository",
  "mlflow.source.git.branch": "Branch",
  "mlflow.git.branch": "Branch",
  "mlflow.source.git.commit": "Commit",
  "mlflow.git.commit": "Commit",
  "mlflow.git.dirty": "Changed since the commit",
  "mlflow.docker.image.name": "Image",
};
const diffTags = ["mlflow.git.diff", "mlflow.source.git.diff"];
const environmentFile =
  /(^|\/)(requirements[\w.-]*\.txt|conda\.ya?ml|python_env\.ya?ml|environment\.ya?ml|pip-freeze\.txt|packages\.lock\.json)$/;
const diffFile = /\.(diff|patch)$/;
const mostFiles = 8;
const mostFolders = 12;

export function codeFacts(run: Run): [string, string][] {
  const found = Object.entries(facts).flatMap(([tag, title]): [string, string][] =>
    run.tags[tag] ? [[title, run.tags[tag]]] : [],
  );
  return [...new Map(found.reverse())].reverse();
}

export function useRunCode(run: Run | undefined) {
  return useQuery({
    queryKey: ["run-code", run?.id],
    queryFn: ({ signal }) => readCode(run!, signal),
    enabled: run !== undefined,
  });
}

async function readCode(run: Run, signal: AbortSignal): Promise<RunCode> {
  const root = await readFolder(run.id, "", signal);
  const folders = root.filter((entry) => entry.is_dir).slice(0, mostFolders);
  const inside = await Promise.all(folders.map((folder) => readFolder(run.id, folder.path, signal)));
  const paths = [...root, ...inside.flat()].filter((entry) => !entry.is_dir).map((entry) => entry.path);
  const tagged = diffTags.find((tag) => run.tags[tag]);
  const diffPath = paths.find((path) => diffFile.test(path));
  const read = async (path: string) => ({ path, text: await (await send(addressOf(run.id, path), { signal })).text() });
  return {
    facts: codeFacts(run),
    diff: tagged ? { path: tagged, text: run.tags[tagged]! } : diffPath ? await read(diffPath) : undefined,
    environment: await Promise.all(
      paths
        .filter((path) => environmentFile.test(path))
        .slice(0, mostFiles)
        .map(read),
    ),
  };
}
