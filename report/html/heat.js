/* Heat maps: time from left to right, latency upwards on a logarithmic scale,
 * all sides with the same scales so that they compare. */
const MARGIN = { left: 62, right: 10, top: 6, bottom: 24 };

/* A bucket is an eighth of a power of two: its least value in microseconds. */
function bucketStart(bucket) {
  return 2 ** Math.floor(bucket / 8) * (1 + bucket % 8 / 8) / 1000;
}

/* A column begins where the one before it ends: with sides in turns a second of
 * work takes longer than a second. */
function columnStart(columns, i) {
  return i ? columns[i - 1].at_s
    : Math.max(0, columns[0].at_s - columns[0].length_s);
}

function heatScales() {
  const scales = { low: Infinity, high: 0, most: 1, end: 1 };
  page.heat.flat().forEach(column => {
    scales.end = Math.max(scales.end, column.at_s);
    column.cells.forEach(([bucket, n]) => {
      scales.low = Math.min(scales.low, bucket);
      scales.high = Math.max(scales.high, bucket + 1);
      scales.most = Math.max(scales.most, n);
    });
  });
  return scales;
}

function rgb(text) {
  const n = parseInt(text.slice(1), 16);
  return [n >> 16, n >> 8 & 255, n & 255];
}

/* From the paper to the side's colour, then half way to the ink. */
function shade(side, share) {
  const stops = [rgb(color("card")), rgb(color("side-" + side)),
                 rgb(color("ink"))];
  const at = 0.12 + 0.88 * share, bend = 0.75;
  const [from, to, part] = at < bend ? [stops[0], stops[1], at / bend]
    : [stops[1], stops[2], (at - bend) / (1 - bend) / 2];
  return "rgb(" + from.map((value, i) =>
    Math.round(value + (to[i] - value) * part)).join(",") + ")";
}

function heatPlot(canvas, scales) {
  const ratio = window.devicePixelRatio || 1;
  const box = { width: canvas.clientWidth, height: canvas.clientHeight };
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const width = box.width - MARGIN.left - MARGIN.right;
  const height = box.height - MARGIN.top - MARGIN.bottom;
  return {
    pen, box,
    x: at => MARGIN.left + at / scales.end * width,
    y: bucket => MARGIN.top + height - (bucket - scales.low) /
      (scales.high - scales.low) * height,
    second: x => (x - MARGIN.left) / width * scales.end,
    bucket: y => scales.low + Math.floor((MARGIN.top + height - y) / height *
      (scales.high - scales.low)),
  };
}

function drawCells(plot, side, scales) {
  const shades = Array.from({ length: 65 }, (_, i) => shade(side, i / 64));
  page.heat[side].forEach((column, i, columns) => {
    const left = plot.x(columnStart(columns, i));
    const right = plot.x(column.at_s);
    column.cells.forEach(([bucket, n]) => {
      const share = Math.log1p(n) / Math.log1p(scales.most);
      const top = plot.y(bucket + 1);
      plot.pen.fillStyle = shades[Math.round(share * 64)];
      plot.pen.fillRect(left, top, Math.max(1, right - left + 0.4),
                        Math.max(1, plot.y(bucket) - top + 0.4));
    });
  });
}

function drawTimes(plot, scales) {
  const steps = Math.max(2, Math.floor(plot.box.width / 110));
  const raw = scales.end / steps;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(n => n * ten).find(n => n >= raw);
  plot.pen.textAlign = "center";
  for (let at = 0; at <= scales.end; at += step)
    plot.pen.fillText(seconds(at), Math.min(plot.x(at), plot.box.width - 14),
                      plot.box.height - 8);
}

function drawLatencies(plot, scales) {
  const low = bucketStart(scales.low), high = bucketStart(scales.high);
  const marks = high / low > 200 ? [1] : [1, 2, 5];
  plot.pen.textAlign = "right";
  plot.pen.textBaseline = "middle";
  for (let ten = 1e-3; ten <= high; ten *= 10)
    for (const us of marks.map(mark => mark * ten)) {
      const octave = Math.floor(Math.log2(us * 1000));
      const bucket = octave * 8 + (us * 1000 / 2 ** octave - 1) * 8;
      if (bucket < scales.low || bucket > scales.high)
        continue;
      plot.pen.fillText(tick(time(us)), MARGIN.left - 8, plot.y(bucket));
      plot.pen.fillRect(MARGIN.left - 4, plot.y(bucket), 4, 1);
    }
}

function drawHeat(canvas, side, scales) {
  const plot = heatPlot(canvas, scales);
  drawCells(plot, side, scales);
  plot.pen.fillStyle = color("faint");
  plot.pen.font = "12px " + getComputedStyle(document.body).fontFamily;
  drawTimes(plot, scales);
  drawLatencies(plot, scales);
  return plot;
}

/* What the pointer is on. */
function tellCell(canvas, side, tip, event) {
  const plot = canvas.plot;
  const at = plot.second(event.offsetX), bucket = plot.bucket(event.offsetY);
  const column = page.heat[side].find((candidate, i, columns) =>
    at <= candidate.at_s && at > columnStart(columns, i));
  const cell = column && column.cells.find(candidate =>
    candidate[0] === bucket);
  tip.style.display = cell ? "block" : "none";
  if (!cell)
    return;
  tip.textContent = `${seconds(column.at_s)}: ${count(cell[1])} at ` +
    `${time(bucketStart(bucket))} to ${time(bucketStart(bucket + 1))}`;
  tip.style.left = Math.min(event.offsetX + 12,
                            plot.box.width - tip.offsetWidth) + "px";
  tip.style.top = canvas.offsetTop + event.offsetY + 12 + "px";
}

function heatMap(side) {
  const canvas = element("canvas");
  const tip = element("output");
  const made = element("div", "heat", canvas, tip);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "Latencies over time of " +
                      sides[side].target);
  if (sides.length > 1)
    made.prepend(element("h3", "", key(side),
                         letter(side) + "  " + sides[side].target));
  canvas.addEventListener("mousemove", event =>
    tellCell(canvas, side, tip, event));
  canvas.addEventListener("mouseleave", () => {
    tip.style.display = "none";
  });
  return made;
}

function showHeat() {
  byId("heat").replaceChildren(...sides.map((_, side) => heatMap(side)));
}

function drawHeats() {
  const scales = heatScales();
  if (scales.high === 0)
    return;
  document.querySelectorAll("#heat canvas").forEach((canvas, side) => {
    canvas.plot = drawHeat(canvas, side, scales);
  });
}

/* The last file: everything is there. */
function draw() {
  drawCharts();
  drawHeats();
}

showTables();
showHeat();
draw();
window.addEventListener("resize", drawHeats);
window.matchMedia("(prefers-color-scheme: dark)")
  .addEventListener("change", draw);
