import { QueryClient } from "@tanstack/react-query";
import { Fault } from "./client";

/** What the pages know of the server. Live news makes it stale, so it is not asked again merely because time passes. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: (failures, error) => error instanceof Fault && error.mayPass && failures < 3,
      refetchOnWindowFocus: false,
    },
  },
});
