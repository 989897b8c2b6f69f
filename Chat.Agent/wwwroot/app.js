import { ask, info } from "./chat/agent.js";
import { conversation } from "./chat/conversation.js";
import { Messages } from "./chat/messages.js";
import { showBanner } from "./chat/banner.js";
import { MemoryPanel } from "./chat/memory-panel.js";

const byId = id => document.getElementById(id);
const messages = new Messages(byId("messages"), byId("welcome"));
const panel = new MemoryPanel(byId("memories"), byId("memory-list"), byId("memories-note"), byId("memory-count"));
const composer = byId("composer");
const input = byId("message");
const userId = byId("user-id");

/** The answer that is on its way; null when there is none. */
let running = null;

/** @param question As conversation.say made it; the same one again is the same message. */
async function send(question) {
  const answer = (running = new AbortController());
  byId("send").disabled = true;
  const bubble = messages.startAnswer();
  let told = false;
  try {
    for await (const { event, data } of ask(question, answer.signal)) {
      if (answer.signal.aborted) return;
      if (event === "context") told = showMemory(data);
      else if (event === "token") messages.append(bubble, data.text);
      else if (event === "done") {
        messages.finish(bubble, data.reply);
        showMemory(data);
      }
    }
  } catch (failure) {
    if (answer.signal.aborted) return;
    messages.fail(bubble, failure.message, () => retry(question));
    // What an earlier answer had to do without is not about this one.
    if (!told) showBanner(byId("banner"), []);
  } finally {
    if (running === answer) {
      running = null;
      byId("send").disabled = false;
    }
  }
}

function retry(question) {
  input.focus();
  send(question);
}

function showMemory({ memories, degraded }) {
  showBanner(byId("banner"), degraded ?? []);
  panel.show(memories ?? [], degraded ?? []);
  return true;
}

function startOver() {
  running?.abort();
  running = null;
  byId("send").disabled = false;
  conversation.renew();
  messages.clear();
  panel.clear();
  showBanner(byId("banner"), []);
  input.focus();
}

composer.addEventListener("submit", submitted => {
  submitted.preventDefault();
  const text = input.value.trim();
  if (!text || running) return;
  input.value = "";
  messages.addUser(text);
  send(conversation.say(text));
});

input.addEventListener("keydown", key => {
  if (key.key !== "Enter" || key.shiftKey || key.isComposing) return;
  key.preventDefault();
  composer.requestSubmit();
});

userId.value = conversation.user;
userId.addEventListener("change", () => {
  const before = conversation.user;
  conversation.user = userId.value;
  userId.value = conversation.user;
  // One conversation never has two owners.
  if (conversation.user !== before) startOver();
});

byId("new-conversation").addEventListener("click", startOver);

for (const example of document.querySelectorAll(".examples button"))
  example.addEventListener("click", () => {
    input.value = example.textContent;
    input.focus();
  });

const about = byId("about");
document.addEventListener("click", click => {
  if (!about.contains(click.target)) about.open = false;
});
about.addEventListener("keydown", key => {
  if (key.key !== "Escape") return;
  about.open = false;
  about.querySelector("summary").focus();
});

info().then(
  ({ provider, hint, memory_api: memoryApi }) => {
    byId("provider").textContent = provider;
    byId("provider-hint").textContent = hint ?? `Answers come from ${provider}.`;
    byId("memory-api").textContent = `Memory: ${memoryApi}`;
    byId("memory-api").hidden = !memoryApi;
  },
  failure => {
    byId("provider").textContent = "not reachable";
    byId("provider-hint").textContent = failure.message;
    about.classList.add("away");
  });
