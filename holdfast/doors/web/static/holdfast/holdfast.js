// Small kindnesses. Every page works without this file.
"use strict";

// Writing an answer says that there is one: choose "Answer given" for the person.
document.addEventListener("input", (event) => {
  const entry = event.target.closest("[data-entry]");
  const given = entry && document.getElementById(entry.dataset.entry);
  if (given) given.checked = true;
});

// The number of a line marks that line in the text beside it.
document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  const area = line && document.querySelector(line.getAttribute("href"));
  if (!area || area.value === undefined) return;
  event.preventDefault();
  const before = area.value.split("\n").slice(0, line.dataset.line - 1).join("\n").length;
  const start = line.dataset.line > 1 ? before + 1 : 0;
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  area.scrollTop = (line.dataset.line - 4) * (area.scrollHeight / area.value.split("\n").length);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A page that came back with errors reads them out first.
document.addEventListener("DOMContentLoaded", () => {
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();
});
