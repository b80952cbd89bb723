import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./kit/tokens.css";
import "./kit/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/queries";
import { router } from "./router";
import { followDeepLink } from "./shell/deepLinks";
import { applyTheme } from "./shell/theme";

applyTheme();
followDeepLink();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
