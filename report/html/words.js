/* Numbers as people read them, and elements without innerHTML: whatever a name
 * or a server's text holds, it is only ever text. */
const page = JSON.parse(document.getElementById("data").textContent,
                        (_, value) => calm(value));
const result = page.result;
const sides = result.sides;

/* Without what is not seen, or turns the order of what is. */
function calm(value) {
  return typeof value !== "string" ? value : value.replace(
    /[\0-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g,
    found => "\\u{" + found.charCodeAt(0).toString(16) + "}");
}

function digits(value) {
  return value >= 99.95 ? value.toFixed(0)
    : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function stepped(value, units) {
  let unit = 0;
  while (value >= 999.5 && unit + 1 < units.length) {
    value /= 1000;
    unit++;
  }
  return digits(value) + units[unit];
}

/* "212 µs", "1.23 ms"; a dash where there is none. */
function time(us) {
  return us === null || us === undefined ? "–"
    : us === 0 ? "0" : stepped(us, [" µs", " ms", " s"]);
}

function count(n) {
  return n === null || n === undefined ? "–"
    : n < 1000 && Number.isInteger(n) ? String(n)
    : stepped(n, ["", " k", " M", " G"]);
}

/* A round number of an axis, without needless zeros. */
function tick(text) {
  return text.replace(/\.0+(?=\D|$)/, "").replace(/(\.\d*[1-9])0+/, "$1");
}

function signed(value, words) {
  return value === null ? "–"
    : (value < 0 ? "−" : value > 0 ? "+" : "") + words(Math.abs(value));
}

function letter(side) {
  return String.fromCharCode(97 + side);
}

function color(name) {
  return getComputedStyle(document.documentElement)
    .getPropertyValue("--" + name).trim();
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className)
    made.className = className;
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

/* A mark in the colour of a side, which follows the palette by itself. */
function key(side) {
  const mark = element("span", "key");
  mark.style.background = "var(--side-" + side + ")";
  return mark;
}

/* `cells` are texts, elements, or [text, class]. */
function table(id, names, rows) {
  const head = element("tr", "", ...names.map(name => element("th", "", name)));
  const body = rows.map(cells => element("tr", "", ...cells.map(cell =>
    Array.isArray(cell) ? element("td", cell[1], cell[0])
      : element("td", "", cell))));
  byId(id).replaceChildren(element("table", "",
    element("thead", "", head), element("tbody", "", ...body)));
}
