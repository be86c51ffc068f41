// Words and numbers of a load.

const load = json('load');

const VERDICTS = { passed: ['passed', '✔ passed'], failed: ['failed', '✖ failed'], 'nothing-ran': ['nothing_ran', '∅ nothing ran'] };

// What is an error is red or near it; a refusal is not.
const CLASSES = { ok: 'c-ok', rejected: 'c-rejected', 'dev-failed': 'c-failed', 'timed-out': 'c-late', unreachable: 'c-away', unexpected: 'c-odd', interrupted: 'c-rejected' };

// A number in three digits, or all of those before the point.
function digits(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const decimals = size === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

// A latency of so many microseconds.
function latency(micros) {
  if (!Number.isFinite(micros)) return '–';
  if (micros < 999.5) return `${digits(micros)} µs`;
  return micros < 999500 ? `${digits(micros / 1e3)} ms` : `${digits(micros / 1e6)} s`;
}

function count(value) {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en').replace(/,/g, '\u202f') : '–';
}

function percent(share) {
  return Number.isFinite(share) ? `${digits(share * 100)} %` : '–';
}

function perSecond(value) {
  return `${digits(value)}/s`;
}

function octets(value) {
  if (!Number.isFinite(value)) return '–';
  return value < 1e9 ? `${digits(value / 1e6)} MB` : `${digits(value / 1e9)} GB`;
}

function moment(seconds) {
  return `${seconds.toFixed(1)} s`;
}
