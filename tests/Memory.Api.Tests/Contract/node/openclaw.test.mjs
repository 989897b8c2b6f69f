import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";
import { apiKey, finished, host, said, someone, until } from "./world.mjs";

// The plugin takes one function from its host's package, which is not installed: it hands back what it is given.
register("data:text/javascript," + encodeURIComponent(`
  export const resolve = (name, context, next) => name === "openclaw/plugin-sdk/plugin-entry"
    ? { url: "data:text/javascript,export const definePluginEntry = (plugin) => plugin", shortCircuit: true }
    : next(name, context);`));
const { default: plugin } = await import("@mem0/openclaw-mem0");

/** The plugin as its host runs it: with its tools and hooks by name. */
function hosted(userId, config = {}) {
  const tools = new Map(), hooks = new Map(), warnings = [];
  const silent = () => {};
  plugin.register({
    pluginConfig: { mode: "platform", apiKey, baseUrl: host, userId, ...config },
    registrationMode: "full",
    logger: { info: silent, debug: silent, warn: (text) => warnings.push(text), error: (text) => warnings.push(text) },
    registerTool: (tool) => tools.set(tool.name, tool),
    registerCli: silent, registerService: silent, registerMemoryCapability: silent,
    on: (name, hook) => hooks.set(name, hook),
  });
  return { call: (name, params) => tools.get(name).execute("1", params), hook: (name, ...values) => hooks.get(name)(...values), warnings };
}

const skills = { triage: { enabled: true }, recall: { enabled: true }, dream: { enabled: false } };

test("in skills mode each fact that the agent deduced becomes a memory, word for word, with its category", async () => {
  const plugged = hosted(someone(), { skills });
  const kept = await plugged.call("memory_add", { facts: ["User lives in Porto", "User is called Ana"], category: "identity" });
  assert.equal(kept.details.mode, "skills");
  assert.equal(kept.details.results.length, 2);
  const listed = await plugged.call("memory_list", {});
  assert.match(listed.content[0].text, /User lives in Porto/);
  assert.match(listed.content[0].text, /User is called Ana/);
});

test("in skills mode what is remembered stands before the next prompt", async () => {
  const plugged = hosted(someone(), { skills });
  await plugged.call("memory_add", { facts: ["User lives in Porto"], category: "identity" });
  const told = await plugged.hook("before_prompt_build", { prompt: "Where do I live? Is it Porto?" }, { sessionKey: "session-1" });
  assert.deepEqual(plugged.warnings, []);
  assert.match(told.prependContext, /User lives in Porto/);
});

test("a memory is found, read, changed and deleted by its tools", async () => {
  const plugged = hosted(someone(), { skills });
  const { details } = await plugged.call("memory_add", { text: "User prefers window seats", category: "preference" });
  const memoryId = details.results[0].id;
  assert.match((await plugged.call("memory_search", { query: "window seats" })).content[0].text, /window seats/);
  await plugged.call("memory_update", { memoryId, text: "User prefers aisle seats" });
  assert.match((await plugged.call("memory_get", { memoryId })).content[0].text, /aisle/);
  await plugged.call("memory_delete", { memoryId });
  assert.doesNotMatch((await plugged.call("memory_search", { query: "aisle seats" })).content[0].text, /aisle/);
});

test("without skills what a turn said is captured, and recalled in the next", async () => {
  const plugged = hosted(someone(), { autoRecall: true, autoCapture: true });
  const turn = [said("I live in Porto. I work as a nurse at the hospital. My sister is called Marta."), said("I will remember that you live in Porto and work as a nurse at the hospital.", "assistant")];
  await plugged.hook("agent_end", { success: true, messages: turn }, { sessionKey: "session-1" });
  const told = await until(() => plugged.hook("before_prompt_build", { prompt: "Where do I live?" }, { sessionKey: "session-2" }), (answer) => plugged.warnings.length > 0 || /Porto/.test(JSON.stringify(answer ?? "")));
  assert.deepEqual(plugged.warnings, []);
  assert.match(JSON.stringify(told), /Porto/);
});

test("events are listed and looked up", async () => {
  const plugged = hosted(someone());
  await plugged.call("memory_add", { text: "I live in Porto." });
  const events = await plugged.call("memory_event_list", {});
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(events))[0];
  await finished(id);
  assert.match((await plugged.call("memory_event_status", { eventId: id, event_id: id })).content[0].text, /SUCCEEDED/);
});
