// Models and versions by name, for the search that stands on every page.
import { ask } from "../api/client";
import { addFinder } from "../shell/search";
import { inQuotes, type RegisteredModel, registryPath } from "./registry";

const most = 6;

addFinder(async (text, signal) => {
  const asked = new URLSearchParams({ max_results: String(most), order_by: "last_updated_timestamp DESC" });
  if (text !== "") asked.set("filter", `name ILIKE ${inQuotes(`%${text}%`)}`);
  const path = `${registryPath}/registered-models/search?${asked}`;
  const found = await ask<{ registered_models?: RegisteredModel[] }>(path, { signal });
  return (found.registered_models ?? []).map((model) => ({
    icon: "model" as const,
    title: model.name,
    detail: "model",
    to: `/models/${encodeURIComponent(model.name)}`,
  }));
});
