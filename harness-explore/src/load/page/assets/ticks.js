// Where the lines of a grid are.

// About so many round values from the first to the last.
function roundValues(from, until, about) {
  const rough = (until - from) / about;
  if (!(rough > 0)) return [from];
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((it) => it * unit).find((it) => it >= rough * 0.999);
  const values = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= until + step * 1e-9; at += 1) values.push(Number((at * step).toPrecision(12)));
  return values;
}

// Times: steps of minutes and hours are no powers of ten.
function roundTimes(from, until, about) {
  const rough = (until - from) / about;
  const step = [60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400].find((it) => it >= rough);
  if (rough <= 20 || !step) return roundValues(from, until, about);
  const times = [];
  for (let at = Math.ceil(from / step) * step; at <= until; at += step) times.push(at);
  return times;
}

// A scale from values to pixels from the bottom: how high a value stands, and where its grid is.
function linear(highest, height) {
  const top = highest > 0 ? highest * 1.05 : 1;
  return { top, place: (value) => height - (value / top) * height, ticks: roundValues(0, top, Math.max(2, height / 40)) };
}

// The same by powers of ten; what is less than the lowest stands at the bottom.
function logarithmic(lowest, highest, height) {
  const bottom = Math.floor(Math.log10(Math.max(lowest, 1e-9)));
  const top = Math.max(Math.log10(Math.max(highest, 1e-9)) + 0.05, bottom + 1);
  const place = (value) => height - (Math.max(0, Math.log10(Math.max(value, 1e-9)) - bottom) / (top - bottom)) * height;
  const ticks = [];
  const parts = top - bottom < 3 ? [1, 2, 5] : [1];
  for (let decade = bottom; decade <= top; decade += 1) {
    for (const part of parts) if (Math.log10(part) + decade <= top) ticks.push(part * 10 ** decade);
  }
  return { top: 10 ** top, place, ticks };
}

// A moment on an axis: `90 s`, `12:30` in a long run.
function axisTime(seconds, whole) {
  if (whole < 300) return `${Number(seconds.toFixed(3))} s`;
  const pad = (value) => String(Math.floor(value)).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:${pad((seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}
