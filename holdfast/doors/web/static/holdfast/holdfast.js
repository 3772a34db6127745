// Small kindnesses. Every page works without this file.
"use strict";

// Writing an answer says that there is one: choose "Answer given" for the person.
document.addEventListener("input", (event) => {
  const entry = event.target.closest("[data-entry]");
  const given = entry && document.getElementById(entry.dataset.entry);
  if (given) given.checked = true;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A page that came back with errors reads them out first.
document.addEventListener("DOMContentLoaded", () => {
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();
});
