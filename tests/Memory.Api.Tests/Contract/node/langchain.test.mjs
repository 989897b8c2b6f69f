import assert from "node:assert/strict";
import { test } from "node:test";
import { Mem0Memory } from "@langchain/community/memory/mem0";
import { apiKey, host, someone, until } from "./world.mjs";

const memoryOf = (sessionId, more = {}) => new Mem0Memory({ apiKey, sessionId, mem0Options: { apiKey, host }, ...more });

test("a turn is saved and comes back as history", async () => {
  const memory = memoryOf(someone());
  await memory.saveContext({ input: "I live in Porto." }, { output: "Noted." });
  const history = await until(async () => (await memory.loadMemoryVariables({ input: "Where do I live?" })).history, (text) => /Porto/.test(text));
  assert.match(history, /Porto/);
});

test("messages instead of a text, and everything where nothing is asked", async () => {
  const memory = memoryOf(someone(), { returnMessages: true, separateMessages: true });
  await memory.saveContext({ input: "I work as a nurse." }, { output: "Noted." });
  const { history } = await until(() => memory.loadMemoryVariables({}), ({ history }) => history.length > 0);
  assert.match(history.map((message) => message.content).join("\n"), /nurse/);
});
