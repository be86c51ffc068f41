// All plots over time: one axis, one moment that is looked at, and what is chosen.

class OverTime {
  constructor() {
    this.end = Math.max(load.lasted, 0.001);
    this.from = 0;
    this.until = this.end;
    this.moment = null;
    this.chosen = { action: 0, part: 0, log: worthLog() };
    this.plots = this.make();
    this.element = make('section', { class: 'card', id: 'overtime' }, make('div', { class: 'title' }, make('h2', {}, 'Over time'), this.span = make('span', { class: 'quiet', 'aria-live': 'polite' })));
    this.build();
  }

  make() {
    const of = (name, look, values, width) => ({ name, look, values, width, from: 0, until: this.end });
    // what was seen at a moment stands in the middle of its stretch
    const at = (name, look, values, width) => ({ name, look, values, width, from: -width / 2, until: Infinity });
    const series = () => load.series[this.chosen.action];
    const gauge = () => load.gauges[this.chosen.part];
    const latencies = () => ['max', 'p99', 'p95', 'p50'].map((name) => of(name, `l-${name}`, series()[name], series().width));
    // the last stretch is as long as the load was, but never so short that chance is all of it
    const rate = (values) => values.map((value, at) => value / Math.max(Math.min(series().width, load.lasted - at * series().width), series().width / 2));
    const rates = () => Object.keys(CLASSES).filter((name) => series().counts[name]).map((name) => of(name, CLASSES[name], rate(series().counts[name]), series().width));
    const users = () => {
      const { users: there, busy, width } = gauge();
      return [at('there', 'l-there', there, width), at('in a cycle', 'l-busy', busy, width)];
    };
    const states = () => Object.entries(gauge().states).map(([name, values], nth) => at(name, stateLook(name, nth), values, gauge().width));
    const seen = (name) => () => [at(name === 'processor' ? 'of one processor' : 'resident', `l-${name}`, gauge()[name], gauge().width)];
    const plots = [
      { id: 'latency', title: 'Latency', hint: 'from the planned start, of all that ended', kind: 'lines', height: 200, show: latency, lines: latencies, log: () => this.chosen.log },
      { id: 'rate', title: 'Rate', hint: 'what ended, by result', kind: 'areas', height: 130, show: perSecond, lines: rates },
      { id: 'users', title: 'Users', kind: 'lines', height: 80, show: count, lines: users },
      { id: 'states', title: 'Devices', hint: 'how many are in each state', kind: 'areas', height: 120, show: count, lines: states },
      { id: 'processor', title: 'Processor', hint: 'of the harness', kind: 'lines', height: 70, show: percent, lines: seen('processor') },
      { id: 'memory', title: 'Memory', hint: 'of the harness', kind: 'lines', height: 70, show: octets, lines: seen('memory') },
    ];
    return plots.map((plot) => new Plot(plot));
  }

  build() {
    this.cursor = make('div', { class: 'cursor', hidden: true }, make('span'));
    this.selection = make('div', { class: 'selection', hidden: true });
    this.bands = make('div', { class: 'bands' });
    this.said = make('p', { class: 'unseen', 'aria-live': 'polite' });
    this.place = make('div', {
      id: 'plots', tabindex: '0', role: 'group', 'aria-label': 'plots over time; arrows tell the values of a moment, plus and minus zoom, 0 shows all',
      pointermove: (event) => this.look(this.timeAt(event)), pointerleave: () => this.drag || this.look(null),
      pointerdown: (event) => this.press(event), dblclick: () => this.zoomTo(0, this.end), keydown: (event) => this.key(event),
    }, this.bands, this.plots.map((plot) => plot.element), this.cursor, this.selection);
    this.element.append(this.place, this.said);
    new ResizeObserver(() => this.resize()).observe(this.place);
  }

  choose(chosen) {
    Object.assign(this.chosen, chosen);
    this.plots.forEach((plot) => plot.choose());
    this.render();
  }

  resize(paper) {
    const width = paper || this.place.clientWidth;
    if (width < 100 || width === this.width) return;
    this.width = width;
    this.render();
  }

  render() {
    if (!this.width) return;
    this.ticks = roundTimes(this.from, this.until, Math.max(3, this.width / 110));
    this.plots.forEach((plot) => plot.render(this));
    this.nameFaults();
    this.span.textContent = this.until - this.from < this.end ? `${moment(this.from)} to ${moment(this.until)}` : '';
    this.look(null);
  }

  x(at) {
    return GUTTER + ((at - this.from) / (this.until - this.from)) * (this.width - GUTTER);
  }

  // The names of faults stand above the plots, each where the one before it leaves room.
  nameFaults() {
    const ends = [];
    const items = load.faults.map((fault) => {
      const [from, until] = [Math.max(this.x(fault.from), GUTTER), Math.min(this.x(fault.to ?? load.lasted), this.width)];
      if (until < GUTTER || from > this.width) return null;
      const room = Math.min(Math.max(until - from, fault.fault.length * 6.6 + 12), this.width - GUTTER);
      const left = Math.min(from, this.width - room);
      let level = ends.findIndex((end) => end <= left);
      if (level < 0) level = ends.length;
      if (level > 5) return null;
      ends[level] = left + room + 4;
      const item = make('span', { class: 'fault-name', title: `${fault.fault}: ${fault.outcome}` }, fault.fault);
      Object.assign(item.style, { left: `${left}px`, top: `${level * 20}px`, width: `${room}px` });
      return item;
    });
    this.bands.style.height = `${ends.length * 20}px`;
    this.bands.replaceChildren(...items.filter(Boolean));
  }

  timeAt(event) {
    const x = event.clientX - this.place.getBoundingClientRect().left - GUTTER;
    return this.from + Math.min(1, Math.max(0, x / (this.width - GUTTER))) * (this.until - this.from);
  }

  // Tells the values of a moment, or none.
  look(at) {
    this.moment = at;
    this.cursor.hidden = at === null;
    const told = this.plots.map((plot) => plot.at(at));
    if (at === null) return '';
    const faults = load.faults.filter((fault) => fault.from <= at && at <= (fault.to ?? load.lasted)).map((fault) => fault.fault);
    this.cursor.style.left = `${this.x(at)}px`;
    this.cursor.classList.toggle('left', at > (this.from + this.until) / 2);
    this.cursor.firstChild.textContent = [moment(at), ...new Set(faults)].join(' · ');
    return `at ${moment(at)}. ${faults.length ? `Fault: ${faults.join(', ')}. ` : ''}${told.join('. ')}`;
  }

  zoomTo(from, until) {
    const least = Math.min(this.end, 0.5);
    const span = Math.min(Math.max(until - from, least), this.end);
    this.from = Math.min(Math.max(0, (from + until) / 2 - span / 2), this.end - span);
    this.until = this.from + span;
    this.render();
  }

  zoom(factor, at = this.moment ?? (this.from + this.until) / 2) {
    this.zoomTo(at - (at - this.from) * factor, at + (this.until - at) * factor);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.place) return;
    const step = (by) => {
      const width = Math.max(load.series[this.chosen.action].width, (this.until - this.from) / 200);
      const at = this.moment === null ? this.from + width / 2 : Math.min(this.until, Math.max(this.from, this.moment + by * width));
      this.said.textContent = this.look(at);
    };
    const actions = {
      ArrowLeft: () => step(event.shiftKey ? -10 : -1), ArrowRight: () => step(event.shiftKey ? 10 : 1), Escape: () => this.look(null),
      '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => this.zoomTo(0, this.end),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  press(event) {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    this.drag = { at: this.timeAt(event), x: event.clientX };
    const both = (last) => [this.drag.at, this.timeAt(last)].sort((one, two) => one - two);
    const move = (next) => {
      const [from, until] = both(next);
      this.selection.hidden = Math.abs(next.clientX - this.drag.x) < 5;
      Object.assign(this.selection.style, { left: `${this.x(from)}px`, width: `${this.x(until) - this.x(from)}px` });
    };
    const end = (last) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      const [from, until] = both(last);
      const moved = !this.selection.hidden;
      this.selection.hidden = true;
      this.drag = null;
      if (moved) this.zoomTo(from, until);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  }
}

// States that tell of something wrong are red; the others take colours in turn.
function stateLook(name, at) {
  return /fault|error|alarm|fail/i.test(name) ? 's-bad' : `s-${at % 9}`;
}

// By powers of ten, if a linear axis would press most of it to the ground.
function worthLog() {
  const finite = (values) => values.filter(Number.isFinite);
  const [highest, usual] = [finite(load.series[0].max), finite(load.series[0].p50).sort((a, b) => a - b)];
  return highest.reduce((a, b) => Math.max(a, b), 0) > 20 * (usual[usual.length >> 1] || Infinity);
}
