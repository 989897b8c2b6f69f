const UserKey = "aspire-memory.user";
const DefaultUser = "demo";

/** Who talks, kept over reloads, and in which conversation, new with every load of the page. */
class Conversation {
  #id = "chat-" + newId();

  get user() {
    return localStorage.getItem(UserKey) ?? DefaultUser;
  }

  set user(id) {
    localStorage.setItem(UserKey, id.trim() || DefaultUser);
  }

  renew() {
    this.#id = "chat-" + newId();
  }

  /** A message with an id of its own: sent again under it, it is stored once. */
  say(message) {
    return { user_id: this.user, conversation_id: this.#id, message_id: newId(), message };
  }
}

/** crypto.randomUUID would need https as soon as the page is not on localhost. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

export const conversation = new Conversation();
