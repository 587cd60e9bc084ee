// Searches the list in index.js; every word has to occur somewhere in an entry, names first.
"use strict";
(() => {
  const field = document.getElementById("words");
  const list = document.getElementById("found");
  const said = document.getElementById("count");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = SEARCH_INDEX.map(([name, kind, text, link]) => ({
    name, kind, text, link, key: plain(name), all: plain(`${name} ${kind} ${text}`),
  }));
  const show = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (words.length === 0) {
      said.textContent = "";
      return;
    }
    const found = entries.filter((entry) => words.every((word) => entry.all.includes(word)));
    const rank = (entry) => words.reduce((sum, word) => sum + (entry.key.startsWith(word) ? 0 : entry.key.includes(word) ? 1 : 2), 0);
    found.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    for (const entry of found.slice(0, 60)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = entry.link;
      link.textContent = entry.name;
      item.append(link, ` (${entry.kind}) ${entry.text}`);
      list.append(item);
    }
    said.textContent = found.length === 0 ? "Nothing found." : found.length > 60 ? `${found.length} found, the first 60 shown.` : `${found.length} found.`;
  };
  field.addEventListener("input", show);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  show();
})();
