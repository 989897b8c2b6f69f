import assert from "node:assert/strict";
import { test } from "node:test";
import { apiKey, finished, host, said, someone } from "./world.mjs";
import MemoryClient from "mem0ai";

const client = new MemoryClient({ apiKey, host });
const texts = (memories) => memories.map((memory) => memory.memory);
const keep = (user_id, text, more = {}) => client.add([said(text)], { user_id, infer: false, ...more });

test("what is said is accepted as a list, and found as a list", async () => {
  const user_id = someone();
  const [accepted] = await client.add([said("I live in Porto.")], { user_id });
  assert.equal(accepted.status, "PENDING");
  await finished(accepted.event_id);
  const found = await client.search("Where does she live?", { user_id });
  assert.ok(Array.isArray(found));
  assert.match(found[0].memory, /Porto/);
  assert.equal(typeof found[0].score, "number");
});

test("nothing known is an empty list", async () => {
  assert.deepEqual(await client.search("anything", { user_id: someone() }), []);
  assert.deepEqual(await client.getAll({ user_id: someone() }), []);
});

test("version 2 takes filters", async () => {
  const user_id = someone();
  await keep(user_id, "User likes tea", { run_id: "monday" });
  await keep(user_id, "User likes coffee", { run_id: "friday" });
  const filters = { AND: [{ user_id }, { run_id: "monday" }] };
  assert.deepEqual(texts(await client.search("drinks tea", { api_version: "v2", filters, threshold: 0 })), ["User likes tea"]);
  assert.deepEqual(texts(await client.getAll({ api_version: "v2", filters })), ["User likes tea"]);
});

test("a page is asked for by number and size", async () => {
  const user_id = someone();
  await keep(user_id, "User likes tea");
  const page = await client.getAll({ user_id, page: 1, page_size: 1 });
  assert.deepEqual([page.count, page.next, texts(page.results)], [1, null, ["User likes tea"]]);
});

test("a memory is read, changed, traced and deleted", async () => {
  const user_id = someone();
  await keep(user_id, "User likes tea");
  const [{ id }] = await client.getAll({ user_id });
  await client.update(id, { text: "User likes coffee" });
  assert.equal((await client.get(id)).memory, "User likes coffee");
  await client.delete(id);
  assert.deepEqual((await client.history(id)).map((step) => step.event), ["ADD", "UPDATE", "DELETE"]);
});

test("batches, entities, feedback and deleting all work as in version 3", async () => {
  const user_id = someone();
  await keep(user_id, "User likes tea");
  const [{ id }] = await client.getAll({ user_id });
  await client.batchUpdate([{ memoryId: id, text: "User likes coffee" }]);
  assert.equal((await client.feedback({ memory_id: id, feedback: "POSITIVE" })).feedback, "POSITIVE");
  assert.ok((await client.users()).results.some((entity) => entity.name === user_id));
  await client.batchDelete([id]);
  await keep(user_id, "User likes water");
  await client.deleteAll({ user_id });
  assert.deepEqual(await client.getAll({ user_id }), []);
});

test("a wrong key is refused before anything else", async () => {
  await assert.rejects(new MemoryClient({ apiKey: "m0-wrong-wrong-wrong", host }).getAll({ user_id: "x" }));
});
