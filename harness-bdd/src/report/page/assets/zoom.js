// How one moves in a timeline, and what it tells when it is pointed at.

const tip = document.getElementById('tip');

Object.assign(Timeline.prototype, {
  zoomTo(from, until) {
    const room = (until - from) * 0.04;
    const least = Math.max(until - from + 2 * room, SHORTEST);
    const middle = (from + until) / 2;
    const span = Math.min(least, this.end);
    this.from = Math.min(Math.max(0, middle - span / 2), this.end - span);
    this.until = this.from + span;
    if (this.width) this.render();
  },

  // Zooms by a factor; what stands at `at` stays where it is.
  zoom(factor, at = (this.from + this.until) / 2) {
    const span = Math.min(Math.max((this.until - this.from) * factor, SHORTEST), this.end);
    const share = (at - this.from) / (this.until - this.from);
    this.from = Math.min(Math.max(0, at - share * span), this.end - span);
    this.until = this.from + span;
    this.redraw();
  },

  // Moves by a share of what is shown.
  pan(share) {
    const span = this.until - this.from;
    this.from = Math.min(Math.max(0, this.from + share * span), this.end - span);
    this.until = this.from + span;
    this.redraw();
  },

  toFailure() {
    if (this.failure === undefined) return;
    const span = Math.min(this.end / 8, 10);
    this.zoomTo(this.failure - span * 0.8, Math.min(this.end, this.failure + span * 0.2));
  },

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), '0': () => this.zoomTo(0, this.end), Home: () => this.zoomTo(0, this.end),
      ArrowLeft: () => this.pan(-0.2), ArrowRight: () => this.pan(0.2), f: () => this.toFailure(), Escape: () => this.leave(),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  },

  wheel(event) {
    const focused = document.activeElement === this.plot;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.pan(event.deltaX / this.width);
    } else if (event.ctrlKey || event.metaKey || focused) {
      event.preventDefault();
      this.zoom(2 ** (Math.max(-200, Math.min(200, event.deltaY)) / 200), this.timeAt(event));
    }
  },

  timeAt(event) {
    const x = event.clientX - this.plot.getBoundingClientRect().left - this.gutter;
    return this.from + Math.min(1, Math.max(0, x / this.width)) * (this.until - this.from);
  },

  press(event) {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target.closest('.names')) return;
    this.plot.focus({ preventScroll: true });
    this.drag = { x: event.clientX, at: this.timeAt(event), pan: event.shiftKey, from: this.from, moved: false };
    const move = (next) => this.dragged(next);
    const end = (last) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      this.dropped(last);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  },

  dragged(event) {
    const { drag } = this;
    drag.moved ||= Math.abs(event.clientX - drag.x) > 4;
    if (!drag.moved) return;
    const span = this.until - this.from;
    if (drag.pan) {
      this.from = Math.min(Math.max(0, drag.from - ((event.clientX - drag.x) / this.width) * span), this.end - span);
      this.until = this.from + span;
      this.redraw();
      return;
    }
    const scale = this.scale();
    const [a, b] = [drag.at, this.timeAt(event)].sort((one, two) => one - two);
    this.selection.hidden = false;
    this.selection.style.left = `${this.gutter + (a - scale.from) * scale.perSecond}px`;
    this.selection.style.width = `${(b - a) * scale.perSecond}px`;
  },

  dropped(event) {
    const { drag } = this;
    this.drag = null;
    this.selection.hidden = true;
    this.wasDrag = drag.moved;
    if (!drag.moved || drag.pan) return;
    const [a, b] = [drag.at, this.timeAt(event)].sort((one, two) => one - two);
    this.from = a;
    this.until = Math.max(b, a + SHORTEST);
    this.render();
  },

  hover(event) {
    if (event.target.closest('.names') || !this.width) return this.leave();
    const at = this.timeAt(event), scale = this.scale();
    this.place(this.cursor, at, scale);
    this.cursor.classList.toggle('left', at > (this.from + this.until) / 2);
    this.cursor.firstChild.textContent = `${moment(at)}   ${wall(this.data.unix_seconds + at)}`;
    const item = event.target.closest('.item')?.item;
    tip.hidden = !item || Boolean(this.drag?.moved);
    if (tip.hidden) return undefined;
    tell(tip, this.told(item), event);
    return undefined;
  },

  told(item) {
    return `${item.tip}\nat ${wall(this.data.unix_seconds + item.at)}`;
  },

  leave() {
    tip.hidden = true;
    this.cursor.hidden = true;
  },

  // What was clicked stays below the timeline, to be read and copied.
  choose(event) {
    const element = event.target.closest('.item');
    if (this.wasDrag || !element) return;
    for (const one of this.plot.querySelectorAll('.chosen')) one.classList.remove('chosen');
    element.classList.add('chosen');
    this.selected.hidden = false;
    this.selected.textContent = this.told(element.item);
  },

  fillList() {
    const [summary] = this.list.children;
    if (!this.list.open) return;
    const events = this.lanes.filter((lane) => lane.shown).flatMap((lane) => lane.rows.flatMap((row) => [...row.items, ...(row.silences || [])]
      .filter((item) => item.at >= this.from && item.at <= this.until)
      .map((item) => ({ item, name: lane.name, row: row.label }))));
    events.sort((a, b) => a.item.at - b.item.at);
    const words = ({ item, row }) => (item.kind === 'state' ? `${row} ${item.text}` : item.tip.split('\n').filter((line) => line !== '').join(' · '));
    const rows = events.slice(0, SHOWN_EVENTS).map((one) => make('tr', {}, make('td', {}, moment(one.item.at)), make('td', {}, one.name), make('td', {}, words(one))));
    const more = events.length > SHOWN_EVENTS && make('p', { class: 'quiet' }, `and ${events.length - SHOWN_EVENTS} more: zoom in to see them`);
    this.list.replaceChildren(summary, make('div', {}, make('table', {}, make('thead', {}, make('tr', {}, ['at', 'device', 'what'].map((word) => make('th', { scope: 'col' }, word)))), make('tbody', {}, rows)), more || ''));
  },
});

// On paper all timelines have the same width.
function eachTimeline(action) {
  for (const reference of pages) {
    const timeline = reference.deref();
    if (timeline) action(timeline);
    else pages.delete(reference);
  }
}
window.addEventListener('beforeprint', () => eachTimeline((timeline) => timeline.resize(680)));
window.addEventListener('afterprint', () => eachTimeline((timeline) => timeline.resize()));
