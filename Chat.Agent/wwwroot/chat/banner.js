const Texts = {
  recall: "Memory is away: this answer was made without it.",
  remember: "This message was not stored.",
};

/** Says what the last answer had to do without; empty when nothing was missing. */
export function showBanner(banner, degraded) {
  const lines = degraded.map(part => {
    const line = document.createElement("p");
    line.textContent = Texts[part] ?? `This answer was made without: ${part}.`;
    return line;
  });
  banner.replaceChildren(...lines);
}
