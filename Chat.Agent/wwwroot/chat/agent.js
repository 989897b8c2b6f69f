import { readEvents } from "./server-sent-events.js";

/** What the agent says about itself: {provider, hint, memory_api}. */
export async function info() {
  const response = await request("api/info");
  return response.json();
}

/**
 * Asks, and yields {event, data} as they arrive: `context`, `token`…, `done`.
 * Throws an Error whose message can be shown where the agent says `error`, does not answer, or breaks off.
 */
export async function* ask(question, signal) {
  const response = await request("api/chat/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(question),
    signal,
  });
  for await (const { event, data } of received(response.body)) {
    const content = JSON.parse(data);
    if (event === "error") throw new Error(content.detail ?? "The agent could not answer.");
    yield { event, data: content };
    if (event === "done") return;
  }
  throw new Error("The answer broke off.");
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The agent does not answer. Is it running?");
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Error(body.detail ?? `The agent answered ${response.status}.`);
}

async function* received(body) {
  try {
    yield* readEvents(body);
  } catch {
    throw new Error("The connection was lost while the answer came in.");
  }
}
