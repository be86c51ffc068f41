// One plot over time: lines, or areas on top of each other, with the axis that all plots share.

const GUTTER = 64; // pixels for the values beside a plot

class Plot {
  // lines(): [{ name, look, from: seconds of the first stretch, width, values }], drawn as `kind`.
  constructor({ id, title, hint, kind, height, show, lines, log }) {
    Object.assign(this, { id, title, hint, kind, height, show, lines, log });
    this.legend = make('div', { class: 'legend' });
    this.place = make('div', { class: 'drawing' });
    this.element = make('figure', { class: 'plot', id: `plot-${id}`, 'aria-label': title },
      make('figcaption', {}, make('b', {}, title), hint && make('span', { class: 'quiet' }, hint), this.legend), this.place);
  }

  // Takes the lines anew, after something else was chosen.
  choose() {
    this.data = this.lines().filter((line) => line.values.some(Number.isFinite));
    this.values = this.data.map((line) => make('b', { class: 'value' }));
    this.legend.replaceChildren(...(this.data.length ? this.data.map((line, at) => make('span', {}, make('i', { class: line.look }), line.name, this.values[at])) : ['nothing of this was measured']));
  }

  // Where a stretch of a line stands: drawn values of areas are sums.
  stacked() {
    const sums = [];
    return this.data.map((line) => {
      const lower = line.values.map((_, at) => sums[at] || 0);
      line.values.forEach((value, at) => { sums[at] = (sums[at] || 0) + (Number.isFinite(value) ? value : 0); });
      return { line, lower, upper: line.values.map((_, at) => sums[at]) };
    });
  }

  render(view) {
    if (!this.data.length) {
      this.place.replaceChildren();
      return;
    }
    const { height } = this;
    const room = view.width - GUTTER;
    const x = (at) => GUTTER + ((at - view.from) / (view.until - view.from)) * room;
    const stacks = this.kind === 'areas' ? this.stacked() : null;
    const shown = (line, values) => values.filter((value, at) => Number.isFinite(value) && line.from + (at + 1) * line.width >= view.from && line.from + at * line.width <= view.until);
    const all = stacks ? stacks.flatMap(({ line, upper }) => shown(line, upper)) : this.data.flatMap((line) => shown(line, line.values));
    const highest = all.reduce((a, b) => Math.max(a, b), 0);
    const lowest = all.filter((value) => value > 0).reduce((a, b) => Math.min(a, b), Infinity);
    const scale = this.log?.() && highest > 0 ? logarithmic(lowest, highest, height) : linear(highest, height);
    const clip = `clip-${this.id}`;
    const svg = draw('svg', { width: view.width, height: height + 20, role: 'img', 'aria-label': `${this.title}: ${this.data.map((line) => line.name).join(', ')}` },
      draw('clipPath', { id: clip }, draw('rect', { x: GUTTER, y: -4, width: room, height: height + 8 })),
      this.faults(view, x), this.grid(view, x, scale));
    const group = draw('g', { 'clip-path': `url(#${clip})` });
    if (stacks) for (const { line, lower, upper } of stacks) group.append(area(line, lower, upper, x, scale.place));
    else for (const line of this.data) group.append(...curve(line, x, scale.place));
    svg.append(group);
    this.place.replaceChildren(svg);
  }

  faults(view, x) {
    const bands = load.faults.map((fault) => {
      const [from, until] = [Math.max(x(fault.from), GUTTER), Math.min(x(fault.to ?? load.lasted), view.width)];
      return until > GUTTER && from < view.width && draw('rect', { class: 'fault', x: from, y: 0, width: Math.max(1, until - from), height: this.height });
    });
    return draw('g', {}, bands);
  }

  grid(view, x, scale) {
    const values = scale.ticks.map((value) => [draw('line', { x1: GUTTER, x2: view.width, y1: scale.place(value), y2: scale.place(value) }),
      draw('text', { class: 'side', x: GUTTER - 6, y: scale.place(value) + 4 }, this.show(value))]);
    const times = view.ticks.map((at) => [draw('line', { class: 'time', x1: x(at), x2: x(at), y1: 0, y2: this.height }),
      draw('text', { class: x(at) > view.width - 24 ? 'side' : 'below', x: Math.min(x(at), view.width), y: this.height + 15 }, axisTime(at, load.lasted))]);
    return draw('g', { class: 'grid' }, values.flat(), times.flat());
  }

  // Tells the values of a moment in the legend; gives them as a text, too.
  at(moment) {
    const told = (this.data || []).map((line, at) => {
      const value = moment === null ? undefined : line.values[Math.floor((moment - line.from) / line.width)];
      const text = moment === null ? '' : this.show(value === null || value === undefined ? NaN : value);
      this.values[at].textContent = text;
      return `${line.name} ${text}`;
    });
    return `${this.title}: ${told.join(', ') || 'nothing'}`;
  }
}

// A line through the middles of its stretches, with a gap where there is nothing, and a dot for one between two gaps.
function curve(line, x, y) {
  const dots = [];
  let path = '', pen = false;
  line.values.forEach((value, at) => {
    if (!Number.isFinite(value)) { pen = false; return; }
    const begin = line.from + at * line.width;
    const place = `${x((begin + Math.min(begin + line.width, line.until)) / 2).toFixed(1)} ${y(value).toFixed(1)}`;
    path += `${pen ? 'L' : 'M'}${place}`;
    if (!pen && !Number.isFinite(line.values[at + 1])) dots.push(`M${place}h0`);
    pen = true;
  });
  return [draw('path', { class: `line ${line.look}`, d: path || 'M0 0' }), dots.length && draw('path', { class: `line dot ${line.look}`, d: dots.join('') })].filter(Boolean);
}

function area(line, lower, upper, x, y) {
  const edge = (at) => x(line.from + at * line.width).toFixed(1);
  const above = upper.map((value, at) => `${at ? 'L' : 'M'}${edge(at)} ${y(value).toFixed(1)}H${edge(at + 1)}`);
  const below = lower.map((value, at) => `V${y(value).toFixed(1)}H${edge(at)}`).reverse();
  return draw('path', { class: `area ${line.look}`, d: `${above.join('')}${below.join('')}Z` });
}
