/** The list of messages. Everything goes in as text: neither a memory nor a model can put markup into the page. */
export class Messages {
  #list;
  #welcome;

  constructor(list, welcome) {
    this.#list = list;
    this.#welcome = welcome;
  }

  addUser(text) {
    this.#welcome.hidden = true;
    this.#add("user", "You said: ", text);
  }

  startAnswer() {
    // Only the newest failure can be tried again: an older question would be answered out of order.
    for (const stale of this.#list.querySelectorAll(".failure button")) stale.remove();
    const bubble = this.#add("agent", "Agent: ", "");
    bubble.classList.add("waiting");
    // Screen readers wait for the whole answer instead of reading every token.
    this.#list.setAttribute("aria-busy", "true");
    return bubble;
  }

  append(bubble, token) {
    this.#following(() => text(bubble).append(token));
  }

  finish(bubble, reply) {
    this.#end(bubble);
    if (reply != null) this.#following(() => (text(bubble).textContent = reply));
  }

  /** What has arrived stays; below it stands what went wrong, with a way to try again. */
  fail(bubble, reason, retry) {
    this.#end(bubble);
    const failure = document.createElement("div");
    failure.className = "failure";
    failure.setAttribute("role", "alert");
    const said = document.createElement("span");
    said.textContent = reason;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => {
      failure.remove();
      bubble.remove();
      retry();
    });
    failure.append(said, again);
    bubble.hidden = text(bubble).textContent === "";
    this.#following(() => this.#list.append(failure));
  }

  clear() {
    this.#list.replaceChildren(this.#welcome);
    this.#list.removeAttribute("aria-busy");
    this.#welcome.hidden = false;
  }

  #add(who, speaker, said) {
    const bubble = document.createElement("div");
    bubble.className = `message ${who}`;
    const name = document.createElement("span");
    name.className = "unseen";
    name.textContent = speaker;
    const content = document.createElement("span");
    content.className = "text";
    content.textContent = said;
    bubble.append(name, content);
    this.#list.append(bubble);
    this.#list.scrollTop = this.#list.scrollHeight;
    return bubble;
  }

  #end(bubble) {
    bubble.classList.remove("waiting");
    this.#list.removeAttribute("aria-busy");
  }

  /** Keeps the end in view, unless the reader has scrolled up. */
  #following(change) {
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 60;
    change();
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

const text = bubble => bubble.querySelector(".text");
