// Small lists that are asked for whole and asked for again after each change.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ask } from "../api/client";
import { FaultView, SkeletonLines } from "../kit/States";
import { tellFault } from "../kit/Toasts";

export function useListing<T>(path: string) {
  return useQuery({ queryKey: ["identity", path], queryFn: ({ signal }) => ask<T>(path, { signal }), retry: false });
}

export type Listing<T> = ReturnType<typeof useListing<T>>;

export type Change = (act: () => Promise<unknown>) => Promise<void>;

/** Changes something and asks for all lists again. */
export function useChange() {
  const client = useQueryClient();
  const change: Change = async (act) => {
    await act();
    await client.invalidateQueries({ queryKey: ["identity"] });
  };
  return { change, tryChange: (act: () => Promise<unknown>) => void change(act).catch(tellFault) };
}

export function Listed<T>({ listing, children }: { listing: Listing<T>; children: (found: T) => ReactNode }) {
  if (listing.error) return <FaultView error={listing.error} retry={() => void listing.refetch()} />;
  if (listing.data === undefined) return <SkeletonLines />;
  return children(listing.data);
}
