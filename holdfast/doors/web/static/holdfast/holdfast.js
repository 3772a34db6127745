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

// Questions that the answers do not call for are put away, unless something is written there. The server judges what is called
// for; where it
// cannot be reached every question is there. It judges once more when the form is sent.
const written = (group) =>
  [...group.querySelectorAll("input, textarea, select")].some((control) =>
    control.type === "radio" || control.type === "checkbox" ? control.checked : control.value.trim() !== "");

const putAway = (form, idle) =>
  form.querySelectorAll("[data-group]").forEach((group) => {
    const idles = idle.includes(group.dataset.group);
    group.hidden = idles && !written(group);
    group.querySelectorAll("[data-when]").forEach((note) => { note.hidden = !idles; });
    group.querySelectorAll("[data-now]").forEach((note) => { note.hidden = idles; });
  });

const showAll = (form) => {
  form.querySelectorAll("[data-group], [data-when]").forEach((part) => { part.hidden = false; });
  form.querySelectorAll("[data-now]").forEach((part) => { part.hidden = true; });
};

let asked = 0;
document.addEventListener("change", async (event) => {
  const form = event.target.closest("form[data-asked]");
  if (!form) return;
  const mine = ++asked;
  try {
    const told = await fetch(form.dataset.asked, { method: "POST", body: new FormData(form) });
    const { idle } = await told.json();
    if (mine === asked) putAway(form, idle);
  } catch {
    if (mine === asked) showAll(form);
  }
});

// The same for a packet, whose completeness says with each answer what is not called for. One press shows everything.
let everything = false;
const tidyPacket = () => {
  const told = document.querySelector("#how-complete[data-idle]");
  const all = document.querySelector("[data-all]");
  if (!told || !all) return;
  const idle = everything ? [] : told.dataset.idle.split(" ").map((dom) => `${dom}-field`);
  document.querySelectorAll(".hf-field").forEach((field) => { field.hidden = idle.includes(field.id) && !written(field); });
  all.hidden = !document.querySelector(".hf-field[hidden]");
};

document.addEventListener("htmx:afterSettle", tidyPacket);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-all]")) return;
  everything = true;
  tidyPacket();
});

document.addEventListener("DOMContentLoaded", () => {
  tidyPacket();
  document.querySelectorAll("form[data-asked]").forEach((form) => {
    putAway(form, [...form.querySelectorAll("[data-idle]")].map((group) => group.dataset.group));
  });
});

// A page that came back with errors reads them out first.
document.addEventListener("DOMContentLoaded", () => {
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();
});
