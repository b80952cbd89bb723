import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { ask } from "../api/client";
import { TextField } from "../kit/Field";
import { Grid, type GridColumn } from "../kit/Grid";
import { Empty, FaultView, Snippets } from "../kit/States";
import { Tabs } from "../kit/Tabs";
import { When } from "../kit/Words";
import { useNarrow } from "../shell/narrow";
import { Page } from "../shell/Page";
import { Aliases } from "./Aliases";
import { inQuotes, type RegisteredModel, registryPath } from "./registry";
import { snippets } from "./snippets";
import { Webhooks } from "./Webhooks";
import styles from "./Registry.module.css";

const route = getRouteApi("/models");
const pageSize = 100;

export function ModelsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title="Models" fills>
      <Tabs
        label="Parts of the registry"
        chosen={search.tab ?? "list"}
        tabs={[
          { id: "list", title: "Models" },
          { id: "webhooks", title: "Webhooks" },
        ]}
      />
      {search.tab === "webhooks" ? (
        <Webhooks />
      ) : (
        <Models q={search.q} onFilter={(q) => void navigate({ search: { q }, replace: true })} />
      )}
    </Page>
  );
}

function Models({ q, onFilter }: { q: string | undefined; onFilter: (q: string | undefined) => void }) {
  const navigate = route.useNavigate();
  const narrow = useNarrow();
  const [text, setText] = useState(q ?? "");
  useEffect(() => {
    if (text === (q ?? "")) return;
    const timer = setTimeout(() => onFilter(text || undefined), 200);
    return () => clearTimeout(timer);
  }, [text, q, onFilter]);
  const listing = useInfiniteQuery({
    queryKey: ["registry", "models", q],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ max_results: String(pageSize), order_by: "last_updated_timestamp DESC" });
      if (q) asked.set("filter", `name ILIKE ${inQuotes(`%${q}%`)}`);
      if (pageParam) asked.set("page_token", pageParam);
      return ask<{ registered_models?: RegisteredModel[]; next_page_token?: string }>(
        `${registryPath}/registered-models/search?${asked}`,
        { signal },
      );
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_page_token,
  });
  const items = listing.data?.pages.flatMap((page) => page.registered_models ?? []) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = listing;
  const onView = useCallback(
    (_: number, end: number) => {
      if (end > items.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [items.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  if (listing.error) return <FaultView error={listing.error} retry={() => void listing.refetch()} />;
  return (
    <>
      <TextField
        label="Filter by name"
        hideLabel
        type="search"
        placeholder="Filter by name"
        className={styles["filter"]}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles["table"]}>
        {listing.data && items.length === 0 ? (
          q ? (
            <Empty icon="search" title="No model has that in its name" />
          ) : (
            <Empty icon="model" title="No model yet">
              <p>A model gathers the versions that may come into use under one name. A run registers the first.</p>
              <Snippets snippets={snippets("fares")} />
            </Empty>
          )
        ) : (
          <Grid
            label="Models"
            rowCount={listing.data ? items.length + (hasNextPage ? 1 : 0) : 8}
            rowHeight={44}
            columns={columns(narrow)}
            pinned={1}
            rowAt={(index) => items[index]}
            onView={onView}
            onOpen={(model) => void navigate({ to: "/models/$name", params: { name: model.name }, search: {} })}
          />
        )}
      </div>
    </>
  );
}

function columns(narrow: boolean): GridColumn<RegisteredModel>[] {
  return [
    {
      id: "name",
      title: "Model",
      width: narrow ? 190 : 320,
      render: (model) => (
        <Link
          to="/models/$name"
          params={{ name: model.name }}
          className={styles["name"]}
          title={model.name}
          tabIndex={-1}
        >
          {model.name}
        </Link>
      ),
    },
    { id: "latest", title: "Newest", width: 90, align: "end", render: (model) => <span>{newest(model)}</span> },
    {
      id: "aliases",
      title: "Aliases",
      width: 300,
      render: (model) => <Aliases aliases={(model.aliases ?? []).map((at) => `${at.alias} → ${at.version}`)} />,
    },
    { id: "updated", title: "Last change", width: 130, render: (model) => <When ms={model.last_updated_timestamp} /> },
    {
      id: "description",
      title: "Description",
      width: 420,
      render: (model) => <span className={styles["quiet"]}>{(model.description ?? "").split("\n", 1)[0]}</span>,
    },
  ];
}

function newest(model: RegisteredModel): string {
  const numbers = (model.latest_versions ?? []).map((version) => Number(version.version));
  return numbers.length === 0 ? "–" : String(Math.max(...numbers));
}
