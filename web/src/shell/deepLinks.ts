// Addresses of MLflow's pages keep everything behind "#". Links of that kind stand in notebooks, logs and chats, so each
// leads to the page here that shows the same thing.
export function pageOfDeepLink(hash: string): string | undefined {
  if (!hash.startsWith("#/")) return undefined;
  const [path = "", search = ""] = hash.slice(1).split("?");
  const parts = path.split("/").filter(Boolean).map(decode);
  const [noun, id, child, childId, tab] = parts;
  if (noun === undefined) return "/experiments";
  if (noun === "compare-runs") return comparison(new URLSearchParams(search));
  if (noun === "models") {
    if (id === undefined) return "/models";
    const version = child === "versions" && childId !== undefined ? `/versions/${encodeURIComponent(childId)}` : "";
    return `/models/${encodeURIComponent(id)}${version}`;
  }
  if (noun !== "experiments") return undefined;
  if (id === undefined) return "/experiments";
  if (child === "runs" && childId !== undefined) {
    const shown = tab === "artifacts" ? "?tab=artifacts" : tab === "model-metrics" ? "?tab=metrics" : "";
    return `/runs/${encodeURIComponent(childId)}${shown}`;
  }
  if (child === "traces") return `/traces?experiment=${encodeURIComponent(id)}`;
  return `/experiments/${encodeURIComponent(id)}`;
}

export function followDeepLink(): void {
  const page = pageOfDeepLink(location.hash);
  if (page !== undefined) history.replaceState(null, "", page);
}

function comparison(search: URLSearchParams): string {
  const runs = readList(search.get("runs"));
  return runs.length > 0 ? `/compare?runs=${runs.map(encodeURIComponent).join(",")}` : "/experiments";
}

function readList(json: string | null): string[] {
  try {
    const found: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
