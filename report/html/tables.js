/* What stands in words and tables: head, notes, cards, percentiles, addresses,
 * differences, errors. */
const STEPS = [["p50", "p50"], ["p75", "p75"], ["p90", "p90"], ["p95", "p95"],
               ["p99", "p99"], ["p99.9", "p99_9"], ["p99.99", "p99_99"],
               ["max", "max"]];

function named(side, text) {
  return element("span", "", key(side), text);
}

function howLong() {
  const config = result.config;
  return (config.requests ? `, ${config.requests} requests` : "") +
    (config.duration_s ? `, ${config.duration_s} s` : "") +
    (config.warmup_s ? ` after ${config.warmup_s} s of warm-up` : "");
}

function showHead() {
  const names = sides.map(side => side.target).join("  against  ");
  byId("head").replaceChildren(
    element("h1", "", names),
    element("p", "sub", page.loop + howLong(), element("br"), page.load,
            element("br"), result.time));
}

function showNotes() {
  byId("notes").replaceChildren(...page.notes.map(note =>
    element("li", note.kind, note.text)));
}

function card(side, value, name) {
  const made = element("div", "card", element("b", "", value),
                       element("span", "", name));
  made.style.borderTopColor = "var(--side-" + side + ")";
  return made;
}

function showCards() {
  byId("cards").replaceChildren(...sides.map((side, i) => {
    const times = side.response_time_us;
    const grid = element("div", "cards",
      card(i, count(side.throughput_rps) + "/s", "throughput"),
      card(i, time(times.p50), "p50"), card(i, time(times.p99), "p99"),
      card(i, time(times.p99_9), "p99.9"), card(i, time(times.max), "max"),
      /* Merged logs do not tell. */
      result.config.connections ? card(i, count(side.errors), "errors") : "");
    return sides.length > 1
      ? element("section", "side", element("h3", "", key(i), letter(i) + "  " +
                                           side.target), grid)
      : grid;
  }));
}

function percentileRow(i, name, times) {
  return [named(i, name), count(times.count),
          ...STEPS.map(step => time(times[step[1]])), time(times.mean)];
}

function showPercentiles() {
  const rows = [];
  sides.forEach((side, i) => {
    const prefix = sides.length > 1 ? letter(i) + " " : "";
    const commands = Object.entries(side.by_command);
    const add = (name, times) => times.count &&
      rows.push(percentileRow(i, prefix + name, times));
    add("response", side.response_time_us);
    add("service", side.service_time_us);
    if (commands.length > 1)
      commands.forEach(([name, times]) => add(name, times));
    add("sent late", side.late_us);
    add("connect", side.connect_us);
  });
  table("table-percentiles",
        ["", "count", ...STEPS.map(step => step[0]), "mean"], rows);
}

function addressRow(i, address) {
  const times = address.response_time_us;
  const host = address.address.includes(":") ? `[${address.address}]`
    : address.address;
  return [named(i, host + ":" + address.port), count(address.requests),
          time(times.p50), time(times.p99), time(times.max),
          time(address.rtt_us), time(address.min_rtt_us),
          [count(address.retransmits), address.retransmits ? "warning" : ""],
          [count(address.errors), address.errors ? "bad" : ""]];
}

function showAddresses() {
  table("table-addresses",
        ["", "requests", "p50", "p99", "max", "RTT", "least RTT",
         "retransmits", "errors"],
        sides.flatMap((side, i) =>
          side.by_address.map(address => addressRow(i, address))));
}

function differenceRow(pair, name, difference, words) {
  const [low, high] = difference.ci95;
  const real = low > 0 || high < 0;
  return [pair + " " + name, words(difference.a), words(difference.b),
          [signed(difference.difference, words), real ? "strong" : ""],
          low === null ? "not known"
            : signed(low, words) + " to " + signed(high, words)];
}

function showDifferences() {
  const rows = result.comparisons.flatMap(comparison => {
    const pair = letter(comparison.a) + " − " + letter(comparison.b);
    return [differenceRow(pair, "p50", comparison.p50_us, time),
            differenceRow(pair, "p99", comparison.p99_us, time),
            differenceRow(pair, "requests/s", comparison.throughput, count)];
  });
  byId("section-compare").hidden = rows.length === 0;
  table("table-compare", ["mean of turns", "first", "second", "difference",
                          "95 % interval"], rows);
}

function showErrors() {
  table("table-errors", ["", "errors", "first text"],
        sides.flatMap((side, i) => Object.entries(side.errors_by_cause).map(
          ([cause, n], row) => [named(i, cause), count(n), [
            row ? "" : side.first_error || "", "words"]])));
}

/* A section that has nothing to show is not there. */
function hideEmpty() {
  const has = {
    requests: sides.some(side => side.requests > 0),
    intervals: sides.some(side => side.intervals.length > 1),
    heat: page.heat.some(columns => columns.length > 1),
    addresses: sides.some(side => side.by_address.length > 0),
    errors: sides.some(side => side.errors > 0),
  };
  document.querySelectorAll("[data-needs]").forEach(section => {
    section.hidden = !has[section.dataset.needs];
  });
}

function showTables() {
  showHead();
  showNotes();
  showCards();
  showPercentiles();
  showAddresses();
  showDifferences();
  showErrors();
  hideEmpty();
  byId("text").open = false;
}
