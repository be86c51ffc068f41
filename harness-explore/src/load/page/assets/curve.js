// Latency against percentile: each nine is as wide as the one before.

const CURVES = [['planned', 'from the planned start', 'l-planned'], ['service', 'service: from the actual start', 'l-service'], ['backfilled', 'had users not waited for long ones', 'l-backfilled']];

class Percentiles {
  constructor() {
    this.place = make('div', { class: 'drawing', pointermove: (event) => this.look(event), pointerleave: () => this.tell(null) });
    this.legend = make('div', { class: 'legend' });
    this.at = make('span', { class: 'quiet' });
    this.select = make('select', { id: 'curve-of', 'aria-label': 'percentiles of', change: () => this.choose(Number(this.select.value)) },
      load.curves.map((one, at) => make('option', { value: at }, one.action ?? 'all actions')));
    this.element = make('section', { class: 'card', id: 'percentiles' }, make('div', { class: 'title' }, make('h2', {}, 'Percentiles'), this.select,
      make('span', { class: 'quiet' }, 'of what ended ok'), make('span', { class: 'grow' }), this.at),
    make('figure', { class: 'plot' }, make('figcaption', {}, this.legend), this.place));
    new ResizeObserver(() => this.resize()).observe(this.place);
  }

  resize(paper) {
    const width = paper || this.place.clientWidth;
    if (width < 100 || width === this.width) return;
    this.width = width;
    this.render();
  }

  choose(at) {
    this.chosen = at;
    this.select.value = String(at);
    this.render();
  }

  // What there is of the chosen: points of nines and microseconds.
  lines() {
    return CURVES.flatMap(([key, name, look]) => {
      const one = load.curves[this.chosen ?? 0][key];
      return one ? [{ name, look, one, points: [...one.values.map((value, at) => [at / one.steps, value]), [Math.max(Math.log10(one.count), 0.01), one.max]] }] : [];
    });
  }

  render() {
    if (!this.width) return;
    const lines = this.lines();
    this.shown = lines;
    this.values = lines.map(() => make('b', { class: 'value' }));
    this.legend.replaceChildren(...(lines.length ? lines.map(({ name, look, one }, at) => make('span', {}, make('i', { class: look }), `${name} (${count(one.count)})`, this.values[at])) : ['nothing of this was measured']));
    if (!lines.length) {
      this.place.replaceChildren();
      return;
    }
    const height = 220, room = this.width - GUTTER - 12;
    const points = lines.flatMap((line) => line.points);
    this.nines = Math.max(1, ...points.map(([nines]) => nines));
    const highest = Math.max(...points.map(([, value]) => value)), lowest = Math.min(...points.map(([, value]) => value || Infinity));
    const scale = highest > 20 * lowest && Number.isFinite(lowest) ? logarithmic(lowest, highest, height) : linear(highest, height);
    const x = (nines) => GUTTER + (nines / this.nines) * room;
    const marks = [[0, '0'], [Math.log10(2), '50'], [1, '90'], [Math.log10(20), '95'], [2, '99'], [3, '99.9'], [4, '99.99'], [5, '99.999'], [6, '99.9999']].filter(([nines]) => nines <= this.nines);
    const grid = draw('g', { class: 'grid' }, scale.ticks.flatMap((value) => [draw('line', { x1: GUTTER, x2: this.width, y1: scale.place(value), y2: scale.place(value) }),
      draw('text', { class: 'side', x: GUTTER - 6, y: scale.place(value) + 4 }, latency(value))]),
    marks.flatMap(([nines, text]) => [draw('line', { x1: x(nines), x2: x(nines), y1: 0, y2: height }), draw('text', { class: 'below', x: x(nines), y: height + 15 }, `${text} %`)]));
    this.place.replaceChildren(draw('svg', { width: this.width, height: height + 20, role: 'img', 'aria-label': `latency against percentile: ${lines.map((line) => line.name).join(', ')}` }, grid,
      lines.map((line) => draw('path', { class: `line ${line.look}`, d: line.points.map(([nines, value], at) => `${at ? 'L' : 'M'}${x(nines).toFixed(1)} ${scale.place(value).toFixed(1)}`).join('') }))));
  }

  look(event) {
    const share = (event.clientX - this.place.getBoundingClientRect().left - GUTTER) / (this.width - GUTTER - 12);
    this.tell(share >= 0 && share <= 1 && this.shown?.length ? share * this.nines : null);
  }

  tell(nines) {
    this.at.textContent = nines === null ? '' : `${digits(100 - 100 * 10 ** -nines).replace('100', '99.9…')} %`;
    this.shown?.forEach(({ points }, at) => {
      const found = nines === null ? null : points.find(([one]) => one >= nines) || points[points.length - 1];
      this.values[at].textContent = found ? latency(found[1]) : '';
    });
  }
}
