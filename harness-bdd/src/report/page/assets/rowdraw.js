// Draws a row of items into a group of an SVG.

const LETTER = 6.4; // the width of a letter, on average
const LEVELS = 4;
const CROWD = 4; // points in which no more than one thing is drawn

// The levels that the items of a row need so that their words do not overlap, at a scale.
function levelsOf(row, scale) {
  if (!row.beside) return 1;
  const ends = [];
  for (const item of row.items) {
    const from = (item.at - scale.from) * scale.perSecond;
    const to = Math.max((item.until - scale.from) * scale.perSecond, from + Math.min(item.text.length, 30) * LETTER + 10);
    const level = ends.findIndex((end) => end <= from);
    if (level >= 0) ends[level] = to;
    else if (ends.length < LEVELS) ends.push(to);
  }
  return Math.max(1, ends.length);
}

function drawRow(row, top, scale, group) {
  const visible = (item) => item.until >= scale.from && item.at <= scale.until;
  const ends = new Array(row.levels).fill(-Infinity);
  const words = new Array(row.levels).fill(null);
  let crowd = null;
  for (const item of row.items) {
    if (!visible(item)) continue;
    const from = (item.at - scale.from) * scale.perSecond, to = (item.until - scale.from) * scale.perSecond;
    const left = Math.max(from, -2), width = Math.max(Math.min(to, scale.width + 2) - left, item.kind === 'moment' ? 2 : 1.5);
    // many things within a few points are drawn as one
    if (width < CROWD && crowd && left < crowd.from + CROWD) {
      crowd.rect.setAttribute('class', 'many');
      crowd.rect.setAttribute('width', CROWD);
      continue;
    }
    let level = ends.findIndex((end) => end <= from);
    if (level < 0) level = ends.indexOf(Math.min(...ends));
    const y = top + level * row.height;
    // words beside an earlier bar give way to a bar
    if (words[level] && words[level].end > left) {
      const letters = Math.floor((left - words[level].from) / LETTER);
      if (letters < 4) words[level].element.remove();
      else words[level].element.textContent = clipped(words[level].element.textContent.replace('…', ''), letters);
      words[level] = null;
    }
    const element = draw('g', { class: 'item', 'data-kind': item.kind, 'data-value': item.text.slice(0, 60) },
      draw('rect', { class: item.look, x: left, y: y + 2, width, height: row.height - 4, rx: Math.min(3, width / 3) }));
    element.item = item;
    crowd = width < CROWD ? { from: left, rect: element.firstChild } : null;
    for (const tick of item.ticks || []) {
      const x = (tick - scale.from) * scale.perSecond;
      if (x > left + 1 && x < left + width - 1) element.append(draw('line', { class: 'report', x1: x, x2: x, y1: y + 3, y2: y + row.height - 3 }));
    }
    ends[level] = left + width;
    const inside = Math.floor((width - 8) / LETTER);
    if (item.kind !== 'moment' && inside >= Math.min(item.text.length, row.beside ? 12 : 3)) {
      element.append(draw('text', { class: item.look === 'command' ? 'on-command' : undefined, x: left + 4 + (left < 0 ? 2 : 0), y: y + row.height / 2 + 4 }, clipped(item.text, inside)));
    } else if (row.beside) {
      const room = Math.floor((scale.width - left - width - 3) / LETTER);
      const text = room > 3 ? clipped(item.text, Math.min(30, room)) : '';
      const label = draw('text', { class: 'beside', x: left + width + 3, y: y + row.height / 2 + 4 }, text);
      element.append(label);
      ends[level] = left + width + 5 + text.length * LETTER;
      words[level] = { element: label, from: left + width + 3, end: ends[level] };
    }
    group.append(element);
  }
  for (const item of row.silences || []) {
    if (!visible(item)) continue;
    const from = (item.at - scale.from) * scale.perSecond, to = (item.until - scale.from) * scale.perSecond;
    const left = Math.max(from, -2);
    const element = draw('g', { class: 'item', 'data-kind': item.kind, 'data-value': item.text },
      draw('rect', { class: item.look, x: left, y: top + 1, width: Math.max(Math.min(to, scale.width + 2) - left, 5), height: row.height - 2 }));
    element.item = item;
    group.append(element);
  }
}

function clipped(text, letters) {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}

// Moments of an axis at a good distance: 1, 2 or 5 times a power of ten.
function ticksOf(scale) {
  const least = (scale.until - scale.from) / Math.max(1, scale.width / 90);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= least);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let n = Math.ceil(scale.from / step - 1e-9); n * step <= scale.until; n += 1) ticks.push({ at: n * step, text: `${(n * step).toFixed(digits)} s` });
  return ticks;
}
