// The one way to the server. Whatever goes wrong arrives as a Fault, in the words of the server where it said any.
export class Fault extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly hint?: string,
    readonly field?: string,
  ) {
    super(message);
  }

  /** Trying again may help: nothing was answered, or the server said that it is busy. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }

  /** The place of the error in what was written, counted from 1, where the server names one. */
  get position(): number | undefined {
    const found = /\bcharacter (\d+)/i.exec(this.message);
    return found ? Number(found[1]) : undefined;
  }
}

interface Question {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
}

const listeners = new Set<() => void>();

/** Called when the server demands a login that this tab does not have, or no longer. */
export function onLoginDemanded(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function ask<T>(path: string, { method, body, signal }: Question = {}): Promise<T> {
  const answer = await send(path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    signal,
    headers: body === undefined ? undefined : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Fault("The server does not answer.", 0, "offline", "Is it running? This page tries again by itself.");
  }
  if (!answer.ok) {
    if (answer.status === 401) listeners.forEach((listener) => listener());
    throw await readFault(answer);
  }
  return answer;
}

async function readFault(answer: Response): Promise<Fault> {
  const said = (await answer.json().catch(() => ({}))) as Record<string, string | undefined>;
  return new Fault(
    said["title"] ?? said["message"] ?? `The server answered ${answer.status}.`,
    answer.status,
    said["code"] ?? said["error_code"] ?? "http",
    said["hint"],
    said["field"],
  );
}
