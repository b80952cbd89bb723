import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from "@tanstack/react-router";
import { Empty, FaultView } from "./kit/States";
import { useLoginDemanded } from "./identity/session";
import { SignInPage } from "./identity/SignInPage";
import { Visitor } from "./identity/Visitor";
import { Shell } from "./shell/Shell";
import { ExperimentsPage } from "./tracking/ExperimentsPage";
import { RunsPage } from "./tracking/RunsPage";
import "./registry/search";
import "./tracking/search";

/** An address holds texts only; each page names those it understands, and any other is dropped. */
function texts<Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(
      names.filter((name) => typeof search[name] === "string").map((name) => [name, search[name]]),
    ) as never;
}

function Frame() {
  return useLoginDemanded() ? <SignInPage /> : <Shell visitor={<Visitor />} />;
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <Empty icon="search" title="There is no such page" />,
  errorComponent: ({ error }) => <FaultView error={error} retry={() => location.reload()} />,
});

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: () => <Navigate to="/experiments" replace />,
});

const experiments = createRoute({
  getParentRoute: () => root,
  path: "/experiments",
  validateSearch: texts("q", "sort", "view"),
  component: ExperimentsPage,
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId",
  validateSearch: texts("q", "sort", "cols", "w", "pin", "group", "view", "dense", "tab", "x", "y", "smooth", "m"),
  component: RunsPage,
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: texts("tab", "x", "y", "smooth", "m", "file"),
  component: lazyRouteComponent(async () => {
    const [page] = await Promise.all([import("./tracking/RunPage"), import("./registry/setup")]);
    return page;
  }, "RunPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: texts("runs", "tab", "x", "y", "smooth", "m", "only", "axes", "sx", "sy", "sz", "left", "right"),
  component: lazyRouteComponent(() => import("./tracking/ComparePage"), "ComparePage"),
});

const traces = createRoute({
  getParentRoute: () => root,
  path: "/traces",
  validateSearch: texts("experiment", "q"),
  component: lazyRouteComponent(() => import("./tracing/TracesPage"), "TracesPage"),
});

const trace = createRoute({
  getParentRoute: () => root,
  path: "/traces/$traceId",
  validateSearch: texts("span"),
  component: lazyRouteComponent(() => import("./tracing/TracePage"), "TracePage"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: texts("q", "tab"),
  component: lazyRouteComponent(() => import("./registry/ModelsPage"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  component: lazyRouteComponent(() => import("./registry/ModelPage"), "ModelPage"),
});

const version = createRoute({
  getParentRoute: () => root,
  path: "/models/$name/versions/$version",
  component: lazyRouteComponent(() => import("./registry/VersionPage"), "VersionPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: texts("tab"),
  component: lazyRouteComponent(() => import("./identity/SettingsPage"), "SettingsPage"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: texts("kind", "actor", "subject", "everywhere"),
  component: lazyRouteComponent(() => import("./governance/AuditPage"), "AuditPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    experiments,
    runs,
    run,
    compare,
    traces,
    trace,
    models,
    model,
    version,
    settings,
    audit,
  ]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => typeof value === "string" && value !== "");
    const text = new URLSearchParams(given as [string, string][]).toString().replaceAll("%2C", ",");
    return text === "" ? "" : `?${text}`;
  },
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
