/* The three charts that Chart.js draws.  Colours come from the style sheet, so
 * they are made again when the palette changes. */
const charts = [];

function line(side, label, data, dash, width) {
  const stroke = color("side-" + side);
  return {
    label: (sides.length > 1 ? letter(side) + " " : "") + label,
    data, borderColor: stroke, backgroundColor: stroke, borderDash: dash,
    borderWidth: width || 2, pointRadius: 0, pointHitRadius: 6, tension: 0,
  };
}

function axis(words, more) {
  return Object.assign({
    grid: { color: color("line") },
    ticks: { callback: value => tick(words(value)), maxRotation: 0 },
  }, more);
}

function chart(id, datasets, x, y, title) {
  charts.push(new Chart(byId(id), {
    type: "line",
    data: { datasets },
    options: {
      animation: false, parsing: false, normalized: true, responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: { x, y },
      plugins: {
        legend: {
          position: "bottom",
          labels: { boxWidth: 28, boxHeight: 0, padding: 14 },
        },
        tooltip: { callbacks: { title, label: item =>
          item.dataset.label + ": " + item.dataset.words(item.parsed.y) } },
        decimation: { enabled: true, algorithm: "min-max" },
      },
    },
  }));
}

/* 1/(1 - p) back to words: 100 is "99 %". */
function percentile(x) {
  const text = 100 - 100 / x;
  const nines = Math.max(0, Math.ceil(Math.log10(x)) - 2);
  return text.toFixed(nines).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") +
    " %";
}

function decades(scale) {
  const values = [1, 2];
  for (let x = 10; x <= scale.max; x *= 10)
    values.push(x);
  scale.ticks = values.map(value => ({ value }));
}

/* A whole logarithmic axis is crowded: tens, with 2 and 5 where few. */
function latencyTicks(scale) {
  const wide = scale.max / scale.min > 2000;
  const values = [];
  for (let ten = 1e-3; ten <= scale.max; ten *= 10)
    for (const step of wide ? [1] : [1, 2, 5])
      if (ten * step >= scale.min && ten * step <= scale.max)
        values.push({ value: ten * step });
  scale.ticks = values;
}

function latencyAxis() {
  return axis(time, {
    type: "logarithmic", afterBuildTicks: latencyTicks,
    afterDataLimits: scale => {
      scale.max *= 1.2;
    },
  });
}

function withWords(datasets, words) {
  datasets.forEach(dataset => {
    dataset.words = words;
  });
  return datasets;
}

function points(pairs) {
  return pairs.map(([x, y]) => ({ x, y }));
}

function drawPercentiles() {
  const datasets = page.curves.flatMap((curve, i) => [
    line(i, "response", points(curve.response), []),
    line(i, "service", points(curve.service), [6, 4], 1.5),
  ]).filter(dataset => dataset.data.length);
  const largest = Math.max(10, ...datasets.map(dataset =>
    dataset.data[dataset.data.length - 1].x));
  chart("percentiles", withWords(datasets, time),
        axis(percentile, { type: "logarithmic", min: 1, max: largest,
                               afterBuildTicks: decades }),
        latencyAxis(), items => percentile(items[0].parsed.x));
}

function seconds(value) {
  return tick(digits(value)) + " s";
}

function timeAxis() {
  const ends = sides.flatMap(side =>
    side.intervals.map(interval => interval.at_s));
  return axis(seconds, { type: "linear", min: 0,
                             max: Math.max(1, ...ends) });
}

/* A second without a reply is a gap, not a line across it. */
function series(side, of) {
  return side.intervals.map(interval => ({ x: interval.at_s,
                                           y: of(interval) }));
}

function drawLatency() {
  const datasets = sides.flatMap((side, i) => [
    line(i, "p50", series(side, interval => interval.p50_us), []),
    line(i, "p99", series(side, interval => interval.p99_us), [6, 4], 1.5),
    line(i, "max", series(side, interval => interval.max_us), [2, 3], 1.5),
  ]);
  chart("latency", withWords(datasets, time), timeAxis(), latencyAxis(),
        items => seconds(items[0].parsed.x));
}

function rate(interval) {
  return interval.length_s > 0 ? interval.requests / interval.length_s : null;
}

function drawThroughput() {
  const datasets = sides.map((side, i) =>
    line(i, "requests/s", series(side, rate), []));
  if (result.config.rate)
    datasets.push(Object.assign(line(7, "offered", [
      { x: 0, y: result.config.rate },
      { x: timeAxis().max, y: result.config.rate }], [4, 4], 1),
      { label: "offered" }));
  chart("throughput", withWords(datasets, value => count(value) + "/s"),
        timeAxis(), axis(count, { type: "linear", beginAtZero: true,
                                       grace: "8%" }),
        items => seconds(items[0].parsed.x));
}

function drawCharts() {
  charts.splice(0).forEach(made => made.destroy());
  Chart.defaults.color = color("faint");
  Chart.defaults.borderColor = color("line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  if (sides.some(side => side.requests > 0))
    drawPercentiles();
  if (sides.some(side => side.intervals.length > 1)) {
    drawLatency();
    drawThroughput();
  }
}
