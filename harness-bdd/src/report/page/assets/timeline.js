// The timeline of an attempt: lanes that share an axis, to be zoomed into.

const SHORTEST = 0.001; // seconds: nothing is told more finely
const SHOWN_EVENTS = 1000;
const pages = new Set();

class Timeline {
  constructor(data, attempt) {
    this.data = data;
    this.end = Math.max(number(data.duration_seconds, 0), SHORTEST * 10);
    this.from = 0;
    this.until = this.end;
    const began = data.at_seconds;
    const bad = attempt.steps.find((step) => ['failed', 'stopped'].includes(step.verdict) && Number.isFinite(step.at_seconds));
    this.failure = bad && Math.min(this.end, bad.at_seconds - began + number(bad.duration_seconds, 0));
    this.lanes = this.makeLanes(attempt, began);
    this.element = make('section', { class: 'timeline', 'aria-label': 'timeline of the devices' });
    this.build();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.plot);
    pages.add(new WeakRef(this));
  }

  makeLanes(attempt, began) {
    const words = [attempt.set_up, attempt.tear_down, ...attempt.steps.map((step) => step.message)].filter(Boolean).join('\n').toLowerCase();
    const devices = this.data.lanes.map((lane, order) => {
      for (const key of ['states', 'commands', 'long_running', 'silences', 'moments']) lane[key] ||= [];
      const { rows, constant } = withoutConstant(rowsOf(lane, this.end));
      const busy = lane.commands.length || lane.long_running.length || lane.silences.length || lane.moments.length
        || lane.states.some((track) => track.bars.length > 1 || track.bars[0]?.at > 0);
      const named = words.includes(lane.device.toLowerCase());
      return { name: lane.device, device: lane.device, rows, constant, named, shown: Boolean(busy || named), busy: Boolean(busy), order };
    });
    // those that the failure names come first, then those that did something first
    devices.sort((a, b) => b.named - a.named || a.order - b.order);
    if (!devices.some((lane) => lane.shown)) devices.slice(0, 8).forEach((lane) => { lane.shown = true; });
    const row = (label, items, more) => ({ label, kind: 'band', height: 20, items, ...more });
    const top = [row('steps', stepItems(attempt, began, this.end))];
    const actions = (this.data.actions || []).map((one) => periodItem(one, this.end, 'action'));
    if (actions.length) top.push(row('actions', actions, { height: 18, beside: true }));
    const faults = (this.data.faults || []).map((one) => periodItem(one, this.end, 'injected'));
    const lanes = [{ name: 'scenario', rows: top, shown: true }];
    if (faults.length) lanes.push({ name: 'injected faults', rows: [row('faults', faults, { height: 18, beside: true })], shown: true });
    return [...lanes, ...devices];
  }

  build() {
    const button = (words, label, action) => make('button', { type: 'button', 'aria-label': label, title: label, click: action }, words);
    this.span = make('span', { class: 'took span', 'aria-live': 'polite' });
    this.plot = make('div', {
      class: 'plot', tabindex: '0', role: 'group',
      'aria-label': 'timeline; plus and minus zoom, arrows move, 0 shows all, f the failure. All of it is in the list of events below.',
      keydown: (event) => this.key(event), wheel: (event) => this.wheel(event), pointerdown: (event) => this.press(event),
      pointermove: (event) => this.hover(event), pointerleave: () => this.leave(), dblclick: () => this.zoomTo(0, this.end), click: (event) => this.choose(event),
    });
    this.cursor = make('div', { class: 'over cursor', hidden: true }, make('span'));
    this.line = make('div', { class: 'over moment-of-failure', hidden: true });
    this.selection = make('div', { class: 'over selection', hidden: true });
    this.selected = make('pre', { class: 'selected', hidden: true, 'aria-live': 'polite' });
    this.list = make('details', { class: 'list-of-events', toggle: () => this.fillList() }, make('summary'));
    const cut = this.data.left_out ? make('p', { class: 'banner' },
      `So much happened that the oldest of it, ${this.data.left_out} of the record's entries, is left out: the timeline is complete from ${moment(this.data.complete_from || 0)} on.`) : '';
    this.element.append(cut, make('div', { class: 'bar-of-tools' },
      make('span', { class: 'buttons' }, button('+', 'zoom in', () => this.zoom(0.5)), button('−', 'zoom out', () => this.zoom(2)),
        button('◀', 'earlier', () => this.pan(-0.3)), button('▶', 'later', () => this.pan(0.3)), button('fit', 'show all', () => this.zoomTo(0, this.end)),
        this.failure !== undefined && button('failure', 'zoom to the failure', () => this.toFailure())),
      this.span, make('span', { class: 'quiet hint' }, 'drag: zoom, shift + drag: move, wheel after a click (or with ctrl): zoom'),
      make('span', { class: 'grow' }), this.chooser()), this.plot, this.legend(), this.selected, this.list);
  }

  chooser() {
    const devices = this.lanes.filter((lane) => lane.device);
    const summary = make('summary');
    const boxes = devices.map((lane) => make('input', { type: 'checkbox', checked: lane.shown, change: (event) => { lane.shown = event.target.checked; changed(); } }));
    const all = (test) => () => { devices.forEach((lane, at) => { lane.shown = test(lane); boxes[at].checked = lane.shown; }); changed(); };
    const changed = () => {
      summary.textContent = `devices: ${devices.filter((lane) => lane.shown).length} of ${devices.length}`;
      if (this.width) this.render();
    };
    changed();
    return make('details', { class: 'choose' }, summary, make('div', {},
      make('p', { class: 'buttons' }, make('button', { type: 'button', click: all(() => true) }, 'all'), make('button', { type: 'button', click: all((lane) => lane.busy) }, 'that did something')),
      devices.map((lane, at) => make('label', {}, boxes[at], ` ${lane.device}${lane.busy ? '' : ' (quiet)'}`))));
  }

  legend() {
    const items = this.lanes.flatMap((lane) => lane.rows.flatMap((row) => [...row.items, ...(row.silences || [])]));
    const has = (kind) => items.some((item) => item.kind === kind);
    const values = [...new Set(items.filter((item) => item.kind === 'state').map((item) => item.text))].slice(0, 24);
    const entry = (look, words) => make('span', {}, make('i', { class: look }), words);
    return make('div', { class: 'legend', 'aria-label': 'legend' }, values.map((value) => entry(`v-${lookOf(value)}`, value)),
      has('command') && entry('k-command', 'command'), has('long') && entry('k-long', 'long running command, with its reports'),
      items.some((item) => item.look.includes('error')) && entry('k-error', 'ended with an error'),
      has('lost') && entry('k-lost', 'nothing heard'), has('gap') && entry('k-gap', 'events may be missing'),
      this.failure !== undefined && entry('k-failure', 'the moment of failure'));
  }

  resize(width) {
    const gutter = parseFloat(getComputedStyle(this.element).getPropertyValue('--gutter')) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = Math.floor((width || this.plot.clientWidth) - gutter);
    if (!(room >= 60) || (room === this.width && gutter === this.gutter)) return; // also when it is nowhere in the page
    this.width = room;
    this.gutter = gutter;
    const whole = { from: 0, until: this.end, perSecond: room / this.end, width: room };
    // how high a row is does not change while one zooms
    for (const lane of this.lanes) for (const row of lane.rows) row.levels = levelsOf(row, whole);
    this.render();
  }

  scale() {
    return { from: this.from, until: this.until, perSecond: this.width / (this.until - this.from), width: this.width };
  }

  // Draws once a frame at most, however fast one zooms.
  redraw() {
    this.frame ||= window.requestAnimationFrame(() => {
      this.frame = 0;
      if (this.width) this.render();
    });
  }

  render() {
    const scale = this.scale();
    const ticks = ticksOf(scale);
    const place = (tick) => (tick.at - scale.from) * scale.perSecond;
    const grid = (height) => draw('g', { class: 'grid' }, ticks.map((tick) => draw('line', { x1: place(tick), x2: place(tick), y1: 0, y2: height })));
    const axis = make('div', { class: 'lane axis' }, make('div', { class: 'names' }, make('div', { class: 'row', title: 'seconds since the scenario began' }, 'seconds')),
      draw('svg', { width: this.width, height: 22, 'aria-hidden': 'true' }, grid(22), ticks.map((tick) => draw('text', { class: 'axis-text', x: place(tick) + 3, y: 15 }, tick.text))));
    const lanes = this.lanes.filter((lane) => lane.shown).map((lane) => this.lane(lane, scale, grid));
    this.place(this.line, this.failure, scale);
    this.cursor.hidden = true;
    this.plot.replaceChildren(axis, ...lanes, this.line, this.cursor, this.selection);
    this.span.textContent = `${moment(this.from)} to ${moment(this.until)}`;
    this.list.firstChild.textContent = 'events of the period that is shown, as a list';
    if (this.list.open) this.fillList();
  }

  lane(lane, scale, grid) {
    const height = lane.rows.reduce((sum, row) => sum + row.height * row.levels, 0) + 3;
    const svg = draw('svg', { width: this.width, height, role: 'img', 'aria-label': `${lane.name}: ${lane.rows.map((row) => row.label).join(', ')}` }, grid(height));
    const cut = this.data.left_out && (this.data.complete_from - scale.from) * scale.perSecond;
    if (cut > 0) svg.append(draw('rect', { class: 'left-out', x: 0, y: 0, width: Math.min(cut, this.width), height }));
    const names = make('div', { class: 'names' });
    let top = 0;
    for (const row of lane.rows) {
      const label = make('div', { class: 'row', title: row.label }, row.label);
      label.style.height = `${row.height * row.levels}px`;
      label.style.lineHeight = `${row.height}px`;
      names.append(label);
      const group = draw('g', { 'data-row': row.label });
      drawRow(row, top, scale, group);
      svg.append(group);
      top += row.height * row.levels;
    }
    return make('div', { class: `lane${lane.named ? ' named' : ''}`, 'data-device': lane.device },
      lane.device && make('div', { class: 'device' }, make('b', {}, lane.device), lane.constant && make('span', { class: 'constant' }, lane.constant)), names, svg);
  }

  place(line, at, scale) {
    line.hidden = at === undefined || at < scale.from || at > scale.until;
    if (!line.hidden) line.style.left = `${this.gutter + (at - scale.from) * scale.perSecond}px`;
  }
}
