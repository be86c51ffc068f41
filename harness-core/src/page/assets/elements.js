// Elements and words. What is to be shown is put in as text only, never as markup.

// Makes an element: attributes, listeners (functions), and children (elements, text or nothing).
function make(tag, attributes, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, ...children) {
  return dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function number(value, otherwise) {
  return Number.isFinite(value) ? value : otherwise;
}

// A time that something took: `0.42 s`, `3 min 5 s`.
function took(seconds) {
  const s = number(seconds, 0);
  if (s < 0.00005) return '0 ms';
  if (s < 0.0995) return `${(s * 1000).toFixed(s < 0.00995 ? 1 : 0)} ms`;
  if (s < 60) return `${s.toFixed(s < 10 ? 2 : 1)} s`;
  const whole = Math.round(s);
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

// The wall clock at a moment, in UTC, as in the logs of devices.
function wall(unixSeconds) {
  const date = new Date(unixSeconds * 1000);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function firstLine(text) {
  return (text || '').split('\n').find((line) => line.trim()) || '';
}

function json(id) {
  const element = document.getElementById(id);
  return element && JSON.parse(element.textContent);
}

// Shows a text beside the pointer, in the element `tip`.
function tell(tip, text, event) {
  tip.hidden = false;
  tip.textContent = text;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, window.innerWidth - box.width - 8))}px`;
  const below = event.clientY + 18;
  tip.style.top = `${below + box.height < window.innerHeight ? below : Math.max(8, event.clientY - box.height - 12)}px`;
}
