// interop.js -- node interop.js MODULES read|write LOG
//
// Reads or writes a log with hdr-histogram-js and prints what is in it: one
// object, a member a tag ("" is none).
"use strict";
const fs = require("fs");
const path = require("path");
const [modules, verb, log] = process.argv.slice(2);
const hdr = require(path.join(modules, "hdr-histogram-js"));

const PERCENTILES = [0, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

function empty() {
  return hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3600000000000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
}

function figures(histogram) {
  return {
    count: histogram.totalCount,
    min: histogram.minNonZeroValue,
    max: histogram.maxValue,
    mean: histogram.mean,
    stddev: histogram.stdDeviation,
    percentiles: PERCENTILES.map((p) => histogram.getValueAtPercentile(p)),
  };
}

function read() {
  const reader = new hdr.HistogramLogReader(fs.readFileSync(log, "utf8"), 64);
  const sums = {};
  let interval;
  while ((interval = reader.nextIntervalHistogram()) !== null) {
    const tag = interval.tag === "NO TAG" ? "" : interval.tag || "";
    sums[tag] = sums[tag] || empty();
    sums[tag].add(interval);
  }
  return sums;
}

// Numbers that look random and are the same each time.
let seed = 12345;
function next(limit) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * limit);
}

function fill(histogram, second, large) {
  for (let i = 0; i < 2000; i++) {
    histogram.recordValue(50000 + next(400000) * (1 + (i % 7)));
  }
  histogram.recordValue(Math.pow(2, 11 + second * 4));
  histogram.recordValue(Math.pow(2, 11 + second * 4) - 1);
  if (large) {
    histogram.recordValueWithCount(1 + second, Math.pow(2, 8 * second));
  }
  histogram.recordValue(3600000000000 - next(1000000000));
}

function write() {
  const lines = [];
  const writer = new hdr.HistogramLogWriter((text) => lines.push(text));
  const sums = {};
  writer.outputLogFormatVersion();
  writer.outputStartTime(1700000000000);
  writer.outputLegend();
  for (let second = 0; second < 5; second++) {
    for (const tag of ["", "send"]) {
      const interval = empty();
      fill(interval, second, tag !== "");
      interval.tag = tag || "NO TAG";
      sums[tag] = sums[tag] || empty();
      sums[tag].add(interval);
      const start = 1700000000 + second;
      writer.outputIntervalHistogram(interval, start, start + 1, 1000000);
    }
  }
  fs.writeFileSync(log, lines.join(""));
  return sums;
}

const sums = verb === "write" ? write() : read();
const all = Object.entries(sums).map(([tag, sum]) => [tag, figures(sum)]);
console.log(JSON.stringify(Object.fromEntries(all)));
