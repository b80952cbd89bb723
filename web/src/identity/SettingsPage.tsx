import { getRouteApi } from "@tanstack/react-router";
import { Tabs } from "../kit/Tabs";
import { Page } from "../shell/Page";
import { People } from "./People";
import { Roles } from "./Roles";
import { Tokens } from "./Tokens";
import { Workspaces } from "./Workspaces";

const route = getRouteApi("/settings");
const parts = { people: People, tokens: Tokens, roles: Roles, workspaces: Workspaces };

export function SettingsPage() {
  const { tab = "people" } = route.useSearch();
  const Part = Object.hasOwn(parts, tab) ? parts[tab as keyof typeof parts] : People;
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        chosen={tab}
        tabs={[
          { id: "people", title: "People" },
          { id: "tokens", title: "Tokens" },
          { id: "roles", title: "Roles" },
          { id: "workspaces", title: "Workspaces" },
        ]}
      />
      <Part />
    </Page>
  );
}
