// Print the icon sprite reduced to the symbols named in a list, one name a line.
import { readFileSync } from "node:fs";

const [sprite, list] = process.argv.slice(2);
const text = readFileSync(sprite, "utf8");
const names = readFileSync(list, "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
const symbols = names.map((name) => {
  const found = text.match(new RegExp(`<symbol[^>]*\\bid="${name}"[^>]*>.*?</symbol>`, "s"));
  if (!found) throw new Error(`no icon ${name}`);
  return found[0];
});
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
