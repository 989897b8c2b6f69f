import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { apiKey, finished, host, someone } from "./world.mjs";

async function connected(header = { authorization: `Token ${apiKey}` }, path = "/mcp") {
  const client = new Client({ name: "contract", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(path, host), { requestInit: { headers: header } }));
  return client;
}

async function call(client, name, args) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  assert.equal(content.length, 1);
  assert.equal(content[0].type, "text");
  return { isError: isError === true, ...JSON.parse(content[0].text) };
}

test("the eleven tools are there under mem0's names, each described, and a context besides", async () => {
  const client = await connected();
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  for (const name of ["add_memory", "search_memories", "get_memories", "get_memory", "update_memory", "delete_memory", "delete_all_memories",
    "delete_entities", "list_entities", "list_events", "get_event_status", "get_context"]) assert.ok(names.includes(name), name);
  for (const tool of tools) assert.ok(tool.description.length > 20 && tool.inputSchema.type === "object", tool.name);
  await client.close();
});

for (const [header, path] of [[{ authorization: `Token ${apiKey}` }, "/mcp"], [{ authorization: `Bearer ${apiKey}` }, "/mcp/"], [{ "x-api-key": apiKey }, "/mcp"]]) {
  test(`a memory's whole life with ${Object.keys(header)[0]} at ${path}`, async () => {
    const client = await connected(header, path), user_id = someone();
    const added = await call(client, "add_memory", { text: "I live in Porto.", user_id });
    await finished(added.event_id);
    assert.equal((await call(client, "get_event_status", { event_id: added.event_id })).status, "SUCCEEDED");
    const found = await call(client, "search_memories", { query: "Where does she live?", filters: { AND: [{ user_id }] } });
    assert.match(found.results[0].memory, /Porto/);
    const memory_id = found.results[0].id;
    await call(client, "update_memory", { memory_id, text: "User lives in Leeds" });
    assert.equal((await call(client, "get_memory", { memory_id })).memory, "User lives in Leeds");
    assert.match((await call(client, "get_context", { user_id, query: "Where does she live, in Leeds?" })).block, /Leeds/);
    assert.equal((await call(client, "get_memories", { filters: { user_id }, page: 1, page_size: 5 })).count, 1);
    const before = await call(client, "search_memories", { query: "live", filters: { user_id }, as_of: "2020-01-01" });
    assert.deepEqual(before.results, []);
    await call(client, "delete_memory", { memory_id });
    assert.equal((await call(client, "get_memories", { filters: { user_id } })).count, 0);
    await client.close();
  });
}

test("all of a person, and the person, are deleted", async () => {
  const client = await connected(), user_id = someone();
  await call(client, "add_memory", { text: "User likes tea", user_id, infer: false });
  assert.match(JSON.stringify(await call(client, "list_entities", {})), new RegExp(user_id));
  await call(client, "delete_all_memories", { user_id });
  assert.equal((await call(client, "get_memories", { filters: { user_id } })).count, 0);
  await call(client, "add_memory", { text: "User likes tea", user_id, infer: false });
  await call(client, "delete_entities", { user_id });
  assert.equal((await call(client, "get_memories", { filters: { user_id } })).count, 0);
  assert.ok((await call(client, "list_events", {})).results.length > 0);
  await client.close();
});

test("an error is told and the session goes on", async () => {
  const client = await connected();
  const missing = await call(client, "get_memory", { memory_id: "00000000-0000-7000-8000-00000000dead" });
  assert.ok(missing.isError);
  assert.match(missing.detail, /not found/);
  const bad = await call(client, "search_memories", { query: "tea", filters: { user_id: "x", colour: "red" } });
  assert.ok(bad.isError);
  assert.match(bad.detail, /colour/);
  assert.deepEqual((await call(client, "get_memories", { filters: { user_id: someone() } })).results, []);
  await client.close();
});

test("without a key, or with a wrong one, there is no session", async () => {
  await assert.rejects(connected({}), /401|Unauthorized|auth/i);
  await assert.rejects(connected({ authorization: "Token m0-wrong-wrong-wrong" }), /401|Unauthorized|auth/i);
});
