import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";
import { apiKey, finished, host, someone } from "./world.mjs";

const program = fileURLToPath(new URL("./node_modules/@mem0/cli/dist/index.js", import.meta.url));
const env = { ...process.env, MEM0_API_KEY: apiKey, MEM0_BASE_URL: host };

async function mem0(...words) {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "--json", ...words], { env });
  return JSON.parse(stdout);
}

// A command takes five seconds, whatever it does: it waits for a timer of its own.
test("a memory's whole life", { concurrency: false }, async () => {
  const user = someone();
  const accepted = await mem0("add", "I live in Porto.", "--user-id", user);
  await finished(/"event_id":"([^"]+)"/.exec(JSON.stringify(accepted))[1]);
  const found = await mem0("search", "Where does she live?", "--user-id", user);
  assert.match(JSON.stringify(found.data), /Porto/);
  const listed = await mem0("list", "--user-id", user, "--after", "2020-01-01");
  const { id } = (listed.data.results ?? listed.data)[0];
  await mem0("update", id, "User lives in Leeds");
  assert.match(JSON.stringify(await mem0("get", id)), /Leeds/);
  await mem0("delete", id);
  assert.doesNotMatch(JSON.stringify((await mem0("list", "--user-id", user)).data), /Leeds/);
});

test("status, events and entities", { concurrency: false }, async () => {
  const user = someone();
  await mem0("add", "User likes tea", "--no-infer", "--user-id", user);
  assert.equal((await mem0("status")).status, "success");
  assert.match(JSON.stringify(await mem0("entity", "list", "users")), new RegExp(user));
  assert.match(JSON.stringify(await mem0("event", "list")), /SUCCEEDED/);
  await mem0("entity", "delete", "--user-id", user, "--force");
  assert.doesNotMatch(JSON.stringify(await mem0("entity", "list", "users")), new RegExp(user));
});
