import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { apiKey, finished, host, said, someone, until } from "./world.mjs";
import MemoryClient from "mem0ai-3";

const client = new MemoryClient({ apiKey, host });
const texts = (found) => found.results.map((memory) => memory.memory);
const keep = async (userId, text, more = {}) => {
  const kept = await client.add([said(text)], { userId, infer: false, ...more });
  return kept.results[0].id;
};

test("what is said is accepted at once and found once it is distilled", async () => {
  const userId = someone();
  const accepted = await client.add([said("I live in Porto."), said("Noted.", "assistant")], { userId, metadata: { sourceOfIt: "form" } });
  assert.equal(accepted.status, "PENDING");
  assert.equal((await finished(accepted.eventId)).body.status, "SUCCEEDED");
  const found = await client.search("Where does she live?", { filters: { user_id: userId } });
  assert.match(found.results[0].memory, /Porto/);
  assert.ok(found.results[0].score >= 0.3);
  assert.deepEqual(found.results[0].metadata, { sourceOfIt: "form" });
  assert.equal(found.results[0].userId, userId);
});

test("a person of whom nothing is known has no results, and that is no error", async () => {
  assert.deepEqual(await client.search("anything", { filters: { user_id: someone() } }), { results: [] });
  assert.equal((await client.getAll({ filters: { user_id: someone() } })).count, 0);
});

test("pages follow each other and end with null", async () => {
  const userId = someone();
  for (const city of ["Porto", "Leeds", "Turin"]) await keep(userId, `User has been to ${city}`);
  const first = await client.getAll({ filters: { user_id: userId }, page: 1, pageSize: 2 });
  const last = await client.getAll({ filters: { user_id: userId }, page: 2, pageSize: 2 });
  assert.deepEqual([first.count, first.results.length, last.results.length], [3, 2, 1]);
  assert.equal(first.previous, null);
  assert.ok(first.next);
  assert.equal(last.next, null);
  assert.equal(new Set([...texts(first), ...texts(last)]).size, 3);
});

test("a memory is read, changed and deleted, and its history tells of it", async () => {
  const userId = someone();
  const id = await keep(userId, "User prefers window seats");
  await client.update(id, { text: "User prefers aisle seats", metadata: { Seat: "Aisle" } });
  const changed = await client.get(id);
  assert.deepEqual([changed.memory, changed.metadata], ["User prefers aisle seats", { Seat: "Aisle" }]);
  assert.equal((await client.delete(id)).message, "Memory deleted successfully!");
  await assert.rejects(client.get(id), (cause) => cause.name === "MemoryNotFoundError");
  const history = await client.history(id);
  assert.deepEqual(history.map((step) => step.event), ["ADD", "UPDATE", "DELETE"]);
  assert.equal(history[1].oldMemory, "User prefers window seats");
  assert.equal(history[1].newMemory, "User prefers aisle seats");
});

test("an expiry is set, cleared and hides what is over", async () => {
  const userId = someone();
  const id = await keep(userId, "User rents a car", { expirationDate: "2020-01-31" });
  assert.deepEqual(texts(await client.getAll({ filters: { user_id: userId } })), []);
  assert.deepEqual(texts(await client.getAll({ filters: { user_id: userId }, showExpired: true })), ["User rents a car"]);
  await client.update(id, { expirationDate: null });
  assert.deepEqual(texts(await client.getAll({ filters: { user_id: userId } })), ["User rents a car"]);
});

test("a timestamp of the past is when it was created", async () => {
  const userId = someone();
  await keep(userId, "User moved house", { timestamp: 1577880000 });
  const [memory] = (await client.getAll({ filters: { user_id: userId } })).results;
  assert.equal(new Date(memory.createdAt).getTime(), 1577880000000);
});

test("filters narrow: entities, categories, dates, metadata, words, AND, OR and NOT", async () => {
  const userId = someone();
  await keep(userId, "User likes tea", { agentId: "waiter", metadata: { place: "home" } });
  await keep(userId, "User likes coffee", { metadata: { place: "work" } });
  const list = async (...conditions) => texts(await client.getAll({ filters: { AND: [{ user_id: userId }, ...conditions] } }));
  assert.deepEqual(await list({ agent_id: "waiter" }), ["User likes tea"]);
  assert.deepEqual(await list({ metadata: { place: "work" } }), ["User likes coffee"]);
  assert.deepEqual(await list({ NOT: [{ metadata: { place: "work" } }] }), ["User likes tea"]);
  assert.deepEqual(await list({ OR: [{ keywords: { icontains: "TEA" } }, { keywords: { contains: "TEA" } }] }), ["User likes tea"]);
  assert.deepEqual(await list({ created_at: { lt: "2020-01-01" } }), []);
  await assert.rejects(list({ colour: "red" }), (cause) => cause.name === "ValidationError");
});

test("ids in any script, with slashes and blanks, come back as they were", async () => {
  const userId = `${someone()}/Zoë und 東京 %2F ☕`;
  await keep(userId, "User likes tea");
  const { results } = await client.users({ pageSize: 200 });
  assert.ok(results.some((entity) => entity.name === userId && entity.type === "user"));
  await client.deleteUsers({ userId });
  assert.equal((await client.getAll({ filters: { user_id: userId } })).count, 0);
});

test("all of a scope is deleted and nothing else; without a scope nothing is", async () => {
  const userId = someone();
  await keep(userId, "User likes tea", { runId: "monday" });
  await keep(userId, "User likes coffee", { runId: "friday" });
  await client.deleteAll({ userId, runId: "monday" });
  assert.deepEqual(texts(await client.getAll({ filters: { user_id: userId } })), ["User likes coffee"]);
  await assert.rejects(client.deleteAll({}));
  assert.equal((await client.deleteAll({ userId: someone() })).message.length > 0, true);
});

test("many are changed and deleted at once", async () => {
  const userId = someone();
  const ids = [await keep(userId, "User likes tea"), await keep(userId, "User likes coffee")];
  await client.batchUpdate(ids.map((memoryId, index) => ({ memoryId, text: `User likes drink ${index}` })));
  assert.deepEqual(texts(await client.getAll({ filters: { user_id: userId } })).sort(), ["User likes drink 0", "User likes drink 1"]);
  await client.batchDelete(ids);
  assert.equal((await client.getAll({ filters: { user_id: userId } })).count, 0);
});

test("feedback is taken", async () => {
  const id = await keep(someone(), "User likes tea");
  const taken = await client.feedback({ memoryId: id, feedback: "NEGATIVE", feedbackReason: "wrong" });
  assert.equal(taken.feedback, "NEGATIVE");
});

test("an export is made and fetched", async () => {
  const userId = someone();
  await keep(userId, "User likes tea");
  const made = await client.createMemoryExport({ schema: { type: "object", properties: { memories: { type: "array", items: { type: "string" } } } }, filters: { user_id: userId } });
  assert.ok(made.id);
  const got = await client.getMemoryExport({ memoryExportId: made.id });
  assert.ok(JSON.stringify(got).includes("tea"));
});

test("a project's instructions and categories are read and written", async () => {
  await client.ping();
  await client.updateProject({ customInstructions: "Remember drinks.", customCategories: [{ drinks: "What they drink" }] });
  const project = await client.getProject({ fields: ["custom_instructions", "custom_categories"] });
  assert.equal(project.customInstructions, "Remember drinks.");
  assert.deepEqual(project.customCategories, [{ drinks: "What they drink" }]);
  await client.updateProject({ customInstructions: "", customCategories: [] });
});

test("a webhook is made, called, changed and removed", async () => {
  const heard = [];
  const listener = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => { heard.push(JSON.parse(body)); response.end(); });
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  await client.ping();
  const made = await client.createWebhook({ name: "mine", url: `http://127.0.0.1:${listener.address().port}/`, projectId: client.projectId, eventTypes: ["memory_add"] });
  assert.ok((await client.getWebhooks({ projectId: client.projectId })).some((one) => one.webhookId === made.webhookId));
  const text = `User likes tea ${made.webhookId}`;
  await keep(someone(), text);
  await until(() => heard, (all) => all.some((one) => one.event_details.event === "ADD" && one.event_details.data.memory === text));
  await client.updateWebhook({ webhookId: made.webhookId, name: "yours", eventTypes: ["memory_delete"] });
  await client.deleteWebhook({ webhookId: made.webhookId });
  assert.ok(!(await client.getWebhooks({ projectId: client.projectId })).some((one) => one.webhookId === made.webhookId));
  listener.close();
});

test("a wrong key, a missing memory and a bad request are told apart", async () => {
  const stranger = new MemoryClient({ apiKey: "m0-wrong-wrong-wrong", host });
  await assert.rejects(stranger.getAll({ filters: { user_id: "x" } }), (cause) => cause.name === "AuthenticationError");
  await assert.rejects(client.get("00000000-0000-7000-8000-00000000dead"), (cause) => cause.name === "MemoryNotFoundError");
  await assert.rejects(client.search(" ", { filters: { user_id: "x" } }), (cause) => cause.name === "ValidationError");
});
