// Where the API is, and what every client's tests need.
import { randomUUID } from "node:crypto";

export const host = process.env.MEMORY_HOST;
export const apiKey = process.env.MEMORY_KEY;
process.env.MEM0_TELEMETRY = "false";
process.env.MEM0_API_KEY = apiKey;

/** Tests share a project, never a person. */
export const someone = () => `user-${randomUUID()}`;

export const said = (content, role = "user") => ({ role, content });

/** Asks until it holds, for half a minute: what is said is distilled a moment later. */
export async function until(ask, holds) {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end) throw new Error(`not so within 30 s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function http(method, path, body, key = apiKey) {
  const answer = await fetch(host + path, {
    method,
    headers: { authorization: `Token ${key}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

export const finished = (id) => until(() => http("GET", `/v1/event/${id}/`), ({ body }) => body.status === "SUCCEEDED" || body.status === "FAILED");
