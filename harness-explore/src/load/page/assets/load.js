// The whole page: what came of the load, what is shown of it, and all of it below each other.

function headline() {
  const [look, words] = VERDICTS[load.verdict];
  const fact = (name, value) => value !== '' && value !== undefined && make('span', {}, `${name} `, make('b', {}, value));
  const parts = load.shards.length === 1 && load.shards[0] === '1/1' ? '' : load.shards.length > 8 ? `${load.shards.length}` : load.shards.join(', ');
  document.title = `${words.slice(2)}: ${load.name || 'load'}`;
  document.getElementById('top').append(
    make('h1', { class: 'headline' }, make('span', { class: `verdict ${look}` }, words), make('span', {}, load.name || 'a load without a name')),
    make('p', { class: 'because' }, load.why),
    make('p', { class: 'facts' }, fact('users', count(load.counts.users)), load.counts.users_failed > 0 && fact('users that could not begin', count(load.counts.users_failed)), fact('lasted', took(load.lasted)), fact('load held', took(load.held)),
      fact('began', load.started > 0 ? wall(load.started).replace(/\.\d+/, '') : ''), fact('seed', String(load.seed)), fact('parts', parts),
      load.total.rate !== null && fact('ok a second', digits(load.total.rate)), fact('cycles', count(load.counts.done))));
}

function tools(time, percentiles) {
  const select = (id, label, names, choose) => names.length > 1 && make('select', { id, 'aria-label': label, change: (event) => choose(Number(event.target.value)) }, names.map((name, at) => make('option', { value: at }, name)));
  const button = (words, label, action) => make('button', { type: 'button', 'aria-label': label, title: label, click: action }, words);
  const log = make('button', {
    type: 'button', id: 'log', 'aria-pressed': String(time.chosen.log),
    click: () => { time.choose({ log: !time.chosen.log }); log.setAttribute('aria-pressed', String(time.chosen.log)); },
  }, 'log scale');
  const actions = load.series.map((one) => one.action ?? 'all actions');
  const choose = (at) => {
    time.choose({ action: at });
    const curve = load.curves.findIndex((one) => one.action === load.series[at].action);
    if (curve >= 0) percentiles.choose(curve);
  };
  document.getElementById('tools').append(...[
    select('action', 'action', actions, choose),
    select('part', 'part', load.gauges.map((one) => (one.shard === null ? 'all parts' : `users and devices of part ${one.shard}`)), (at) => time.choose({ part: at })),
    log, make('span', { class: 'buttons' }, button('+', 'zoom in', () => time.zoom(0.5)), button('−', 'zoom out', () => time.zoom(2)), button('fit', 'show all', () => time.zoomTo(0, time.end))),
    make('span', { class: 'quiet hint' }, 'point: values, drag: zoom, double click: all; keys in the plots: ← → + − 0'),
  ].filter(Boolean));
}

function partsCard() {
  const plan = load.plan && make('details', { class: 'inside' }, make('summary', {}, 'the plan, as it was written'), make('pre', {}, load.plan));
  const parts = load.shards.length > 8 && make('details', { class: 'inside' }, make('summary', {}, `the ${load.shards.length} parts`), make('p', {}, load.shards.join(', ')));
  return (plan || parts) && card('plan', 'The plan', null, plan, parts);
}

function start() {
  headline();
  const [time, percentiles] = [new OverTime(), new Percentiles()];
  tools(time, percentiles);
  const main = document.getElementById('main');
  const notes = load.notes.map((note) => make('p', { class: 'banner' }, note));
  main.append(...[...notes, violationsTable(), thresholdsTable(), time.element, percentiles.element,
    make('div', { id: 'tables' }, [actionsTable(), faultsTables(), cyclesTable(), baselineTable(), errorsTable(), partsCard()].filter(Boolean))].filter(Boolean));
  time.choose({});
  percentiles.choose(0);
  // on paper everything is as wide as the paper
  window.addEventListener('beforeprint', () => [time, percentiles].forEach((one) => one.resize(660)));
  window.addEventListener('afterprint', () => [time, percentiles].forEach((one) => one.resize()));
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}
