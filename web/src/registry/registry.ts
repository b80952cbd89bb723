// Registered models and their versions, over the routes that MLflow's clients use.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "../api/client";

export interface Tag {
  key: string;
  value: string;
}

export interface RegisteredModel {
  name: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  description?: string;
  latest_versions?: ModelVersion[];
  tags?: Tag[];
  aliases?: { alias: string; version: string }[];
}

export interface ModelVersion {
  name: string;
  version: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  current_stage: string;
  description?: string;
  source: string;
  run_id: string;
  tags?: Tag[];
  aliases?: string[];
}

export const registryPath = "/ajax-api/2.0/mlflow";
const mostVersions = 1000;

export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function useModel(name: string) {
  return useQuery({
    queryKey: ["registry", "model", name],
    queryFn: async ({ signal }) => {
      const path = `${registryPath}/registered-models/get?name=${encodeURIComponent(name)}`;
      return (await ask<{ registered_model: RegisteredModel }>(path, { signal })).registered_model;
    },
  });
}

/** The versions of a model, the newest first. */
export function useVersions(name: string) {
  return useQuery({
    queryKey: ["registry", "versions", name],
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ filter: `name = ${inQuotes(name)}`, max_results: String(mostVersions) });
      const path = `${registryPath}/model-versions/search?${search}`;
      const found = (await ask<{ model_versions?: ModelVersion[] }>(path, { signal })).model_versions ?? [];
      return found.sort((a, b) => Number(b.version) - Number(a.version));
    },
  });
}

export function useVersion(name: string, version: string) {
  return useQuery({
    queryKey: ["registry", "version", name, version],
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ name, version });
      const path = `${registryPath}/model-versions/get?${search}`;
      return (await ask<{ model_version: ModelVersion }>(path, { signal })).model_version;
    },
  });
}

/** Changes something in the registry; all that is known of it is asked for again. */
export function useRegistryChange() {
  const client = useQueryClient();
  return async (path: string, method: "POST" | "PATCH" | "DELETE", body: unknown) => {
    const answer = await ask<unknown>(`${registryPath}/${path}`, { method, body });
    await client.invalidateQueries({ queryKey: ["registry"] });
    return answer;
  };
}

export function versionAddress(name: string, version: string): string {
  return `/models/${encodeURIComponent(name)}/versions/${version}`;
}
