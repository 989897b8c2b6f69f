const Nothing = "The memories an answer draws on appear here, best first.";
const wide = matchMedia("(min-width: 60.01rem)");

/** The memories behind the last answer, with their scores (0..1). Folded away on narrow screens until it is asked for. */
export class MemoryPanel {
  #list;
  #note;
  #count;

  constructor(details, list, note, count) {
    this.#list = list;
    this.#note = note;
    this.#count = count;
    details.open = wide.matches;
    wide.addEventListener("change", () => (details.open = wide.matches));
  }

  show(memories, degraded) {
    this.#list.replaceChildren(...memories.map(item));
    this.#count.textContent = memories.length;
    this.#count.hidden = memories.length === 0;
    this.#say(memories.length > 0 ? "Used for the last answer, best first."
      : degraded.includes("recall") ? "Memory was away for the last answer."
      : "Nothing was remembered for the last answer.");
  }

  clear() {
    this.#list.replaceChildren();
    this.#count.hidden = true;
    this.#say(Nothing);
  }

  /** Set only when it changes: a live region speaks at every change. */
  #say(note) {
    if (this.#note.textContent !== note) this.#note.textContent = note;
  }
}

function item({ memory, score }) {
  const entry = document.createElement("li");
  const text = document.createElement("div");
  text.textContent = memory;
  entry.append(text, scoreLine(score));
  return entry;
}

function scoreLine(score) {
  const line = document.createElement("div");
  line.className = "score";
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.setAttribute("aria-hidden", "true");
  const fill = document.createElement("span");
  fill.style.width = `${100 * Math.min(Math.max(score, 0), 1)}%`;
  bar.append(fill);
  const name = document.createElement("span");
  name.className = "unseen";
  name.textContent = "Score ";
  const figure = document.createElement("span");
  figure.textContent = score.toFixed(2);
  line.append(bar, name, figure);
  return line;
}
