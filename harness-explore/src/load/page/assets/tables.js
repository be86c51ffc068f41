// What the report says in tables; those of actions can be sorted.

// columns: [{ name, group, show(value), of(row), text }]; a click on a head sorts by it.
function table(columns, rows, { label, last } = {}) {
  const body = make('tbody');
  const line = (row) => make('tr', { class: row === last ? 'total' : null }, columns.map((column, at) => {
    const value = column.of(row);
    return make(at ? 'td' : 'th', { scope: at ? null : 'row', class: column.text ? `text${column.long ? ' long' : ''}` : `number${column.look?.(row) ? ` ${column.look(row)}` : ''}` }, column.show ? column.show(value) : String(value ?? '–'));
  }));
  const fill = (sorted) => body.replaceChildren(...sorted.map(line), ...(last ? [line(last)] : []));
  const heads = columns.map((column, at) => {
    const head = make('th', { scope: 'col', class: column.text ? 'text' : 'number' }, make('button', { type: 'button', title: `sort by ${column.name}`, click: () => sort(at) }, column.name));
    return head;
  });
  const sort = (at) => {
    const down = heads[at].getAttribute('aria-sort') !== 'descending';
    heads.forEach((head, nth) => (nth === at ? head.setAttribute('aria-sort', down ? 'descending' : 'ascending') : head.removeAttribute('aria-sort')));
    const key = (row) => columns[at].of(row) ?? -Infinity;
    fill([...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1)));
  };
  fill(rows);
  const groups = [];
  for (const column of columns) {
    if (groups.length && groups.at(-1).name === column.group) groups.at(-1).span += 1;
    else groups.push({ name: column.group, span: 1 });
  }
  const above = columns.some((column) => column.group) && make('tr', { class: 'groups' }, groups.map(({ name, span }) => make('td', { colspan: span }, name || '')));
  return make('div', { class: 'wide', tabindex: '0', role: 'group', 'aria-label': label }, make('table', { 'aria-label': label }, make('thead', {}, above, make('tr', {}, heads)), body));
}

function card(id, title, note, ...content) {
  return make('section', { class: 'card', id }, make('div', { class: 'title' }, make('h2', {}, title), note && make('span', { class: 'quiet' }, note)), content);
}

// Columns of a row of actions or faults.
function columnsOf(name, share) {
  const of = (place) => (row) => row.counts[load.classes.indexOf(place)];
  const figure = (key, at, group, title) => ({ name: title || at, group, of: (row) => row[key]?.[at === 'p99.9' ? 'p999' : at], show: latency });
  return [
    { name, text: true, of: (row) => row.name ?? (share ? 'outside all faults' : 'all') },
    { name: 'count', of: (row) => row.counts.reduce((a, b) => a + b, 0), show: count },
    { name: 'ok', of: of('ok'), show: count }, { name: 'rejected', of: of('rejected'), show: count },
    { name: 'errors', of: (row) => row.errors, show: count, look: (row) => row.errors > 0 && 'wrong-number' },
    share ? { name: 'share', of: (row) => { const all = row.counts.reduce((a, b) => a + b, 0); return all ? row.errors / all : undefined; }, show: percent }
      : { name: 'ok/s', of: (row) => row.rate ?? undefined, show: digits },
    ...['p50', 'p95', 'p99', 'p99.9', 'max'].map((at) => figure('latency', at, 'from the planned start')),
    ...['p50', 'p99'].map((at) => figure('service', at, 'service')),
  ];
}

function actionsTable() {
  const note = 'latencies are of what ended ok; rates are of what ended ok while the load was held; the warm-up counts in none';
  if (!load.rows.length) return card('actions', 'Actions', 'nothing was measured outside the warm-up');
  return card('actions', 'Actions', note, table(columnsOf('action', false), load.rows, { label: 'actions', last: load.rows.length > 1 ? load.total : undefined }));
}

function faultsTables() {
  if (!load.faults.length) return null;
  const windows = [
    { name: 'fault', text: true, of: (row) => row.fault }, { name: 'from', of: (row) => row.from, show: moment },
    { name: 'to', of: (row) => row.to ?? undefined, show: (value) => (value === undefined ? '–' : moment(value)) },
    { name: 'time to recover', of: (row) => row.recovered ?? undefined, show: (value) => (value === undefined ? '–' : value ? latency(value * 1e6) : 'at once') },
    { name: 'what came of it', text: true, long: true, of: (row) => row.outcome },
  ];
  const beside = load.by_fault.some((row) => row.name) && table(columnsOf('fault', true), load.by_fault, { label: 'within and outside faults' });
  return card('faults', 'Faults', 'time to recover is from the end of a fault to the last error after it', beside, table(windows, load.faults, { label: 'windows of faults' }));
}

function cyclesTable() {
  const row = (name, figures) => figures && { name, ...figures };
  const rows = [row('cycles, from their planned start', load.cycles), row(`and ${count(load.backfill)} more, had users not waited for long ones`, load.backfilled), row('lag of the harness: what it adds itself', load.lag)].filter(Boolean);
  const columns = [{ name: 'what', text: true, of: (one) => one.name }, { name: 'count', of: (one) => one.count, show: count }, ...['p50', 'p95', 'p99', 'p999', 'max'].map((at) => ({ name: at === 'p999' ? 'p99.9' : at, of: (one) => one[at], show: latency }))];
  const counts = load.counts;
  const facts = [['done', counts.done], ['failed', counts.failed], ['cut off at the end', counts.cut_off], ['starts dropped, as nobody was free', counts.dropped], ['in the warm-up', counts.warm_up], ['changes of states seen', counts.transitions], ['times at which some may have been missed', counts.gaps]];
  const p99 = load.total.latency?.p99;
  const hint = load.lag && p99 && load.lag.p99 * 10 > p99 && make('p', { class: 'banner' }, `The p99 of the lag of the harness, ${latency(load.lag.p99)}, is more than a tenth of the p99 of ${latency(p99)}: latencies are partly what this process itself adds. Use fewer users a process, or more processes (--shard).`);
  return card('cycles', 'Cycles', null, make('p', { class: 'facts inside' }, facts.filter(([name, value], at) => at < 3 || value).map(([name, value]) => make('span', {}, `${name} `, make('b', {}, count(value))))),
    rows.length ? table(columns, rows, { label: 'cycles' }) : make('p', { class: 'inside quiet' }, 'no cycle went through'), hint);
}

function thresholdsTable() {
  if (!load.judgements.length) return null;
  const columns = [
    { name: 'threshold', text: true, of: (row) => row.threshold }, { name: 'result', text: true, of: (row) => (row.holds ? 'holds' : 'broken'), show: (value) => make('b', { class: value === 'holds' ? 'passed' : 'failed' }, value === 'holds' ? '✔ holds' : '✖ broken') },
    { name: 'measured', text: true, of: (row) => row.measured || 'nothing was measured' },
    { name: 'ended the load', of: (row) => row.ended_at ?? undefined, show: (value) => (value === undefined ? '' : `at ${moment(value)}`) },
  ].filter((column) => column.name !== 'ended the load' || load.judgements.some((one) => one.ended_at !== null));
  return card('thresholds', 'Thresholds', null, table(columns, [...load.judgements].sort((a, b) => a.holds - b.holds), { label: 'thresholds' }));
}

function baselineTable() {
  if (!load.comparison.length && !load.remarks.length) return null;
  const changed = load.comparison.filter((one) => one.change !== 'unchanged');
  const order = { regressed: 0, improved: 1 };
  const columns = [
    { name: 'figure', text: true, of: (row) => row.figure }, { name: 'before', of: (row) => row.before }, { name: 'now', of: (row) => row.now },
    { name: 'change', of: (row) => row.by ?? undefined, show: (value) => (value > 0 ? `+${percent(value)}` : percent(value)) },
    { name: 'that is', text: true, of: (row) => row.change, show: (value) => make('b', { class: value === 'improved' ? 'passed' : 'failed' }, value === 'improved' ? 'better' : 'worse') },
  ];
  return card('baseline', 'Beside the baseline', `${load.comparison.length - changed.length} unchanged, which are not shown`, changed.length
    ? table(columns, changed.sort((a, b) => order[a.change] - order[b.change]), { label: 'beside the baseline' }) : null,
    ...load.remarks.map((remark) => make('p', { class: 'inside quiet' }, remark)));
}

function errorsTable() {
  if (!load.errors.length) return card('errors', 'Errors and refusals', 'none');
  const columns = [
    { name: 'count', of: (row) => row.count, show: count }, { name: 'result', text: true, of: (row) => row.class, show: (value) => make('span', { class: 'result' }, make('i', { class: CLASSES[value] }), value) },
    { name: 'action', text: true, of: (row) => row.action || 'several' }, { name: 'first', of: (row) => row.first, show: moment }, { name: 'last', of: (row) => row.last, show: moment },
    { name: 'words of the first', text: true, long: true, of: (row) => row.words },
  ];
  return card('errors', 'Errors and refusals', 'those that differ in numbers only are one', table(columns, load.errors, { label: 'errors and refusals' }));
}

function violationsTable() {
  if (!load.violations.length) return null;
  const columns = [{ name: 'at', of: (row) => row.at, show: moment }, { name: 'device', text: true, of: (row) => row.device || '–' }, { name: 'what', text: true, long: true, of: (row) => row.words }];
  const section = card('violations', 'What must not be, and was', null, table(columns, load.violations, { label: 'what must not be, and was' }));
  section.classList.add('wrong');
  return section;
}
