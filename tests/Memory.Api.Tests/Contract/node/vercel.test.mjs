import assert from "node:assert/strict";
import { test } from "node:test";
import { addMemories, getMemories, retrieveMemories, searchMemories } from "@mem0/vercel-ai-provider";
import { apiKey, finished, host, someone } from "./world.mjs";

const prompt = (text) => [{ role: "user", content: [{ type: "text", text }] }];
const of = (user_id) => ({ user_id, host, mem0ApiKey: apiKey });

test("a prompt of parts is added, searched and put into a system prompt", async () => {
  const config = of(someone());
  const accepted = await addMemories(prompt("I live in Porto."), config);
  await finished(accepted.event_id);
  assert.match((await searchMemories(prompt("Where do I live?"), config)).results[0].memory, /Porto/);
  assert.match(JSON.stringify(await getMemories(prompt("Where do I live?"), config)), /Porto/);
  assert.match(await retrieveMemories("Where do I live?", config), /Porto/);
});

test("parts without a text, and a tool's turn, cost nothing of the rest", async () => {
  const config = of(someone());
  const accepted = await addMemories(
    [
      { role: "user", content: [{ type: "text", text: "I work as a nurse." }, { type: "file", mediaType: "image/png", data: "https://example.org/a.png" }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "1", toolName: "weather", output: { type: "text", value: "sunny" } }] },
    ],
    config,
  );
  await finished(accepted.event_id);
  assert.match((await searchMemories("What work does she do?", config)).results[0].memory, /nurse/);
});

test("a person of whom nothing is known has an empty system prompt", async () => {
  assert.equal(await retrieveMemories("Where do I live?", of(someone())), "");
});
