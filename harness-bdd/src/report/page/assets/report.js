// The whole run: what came of it, what went wrong, the filter, and the list of scenarios.

// How many scenarios that went wrong are open from the beginning.
const OPEN = 25;

const report = json('report');
const entries = report.scenarios.map((scenario, index) => ({ scenario, index, number: index + 1 }));
const filter = { text: '', verdicts: new Set(), tag: '' };
const KINDS = ['failed', 'flaky', 'undefined', 'stopped', 'passed'];

function isWrong(scenario) {
  return scenario.verdict !== 'passed' || scenario.attempts.some((attempt) => attempt.tear_down);
}

function tagsOf(scenario) {
  return [...new Set([...(scenario.feature_tags || []), ...scenario.tags])];
}

// The step that failed last, or what else went wrong, in one line.
function reason(scenario) {
  for (const attempt of [...scenario.attempts].reverse()) {
    const step = attempt.steps.find((one) => ['failed', 'undefined'].includes(one.verdict));
    if (attempt.set_up) return `before the first step: ${firstLine(attempt.set_up)}`;
    if (step && step.verdict === 'undefined') return `no step matches: ${step.keyword.trim()} ${step.text}`;
    if (step) return told(step);
    if (attempt.tear_down) return `tear-down: ${firstLine(attempt.tear_down)}`;
  }
  return scenario.verdict === 'stopped' ? 'the run was asked to end' : '';
}

// The step and why it failed; most accounts begin with what the step says.
function told(step) {
  const why = firstLine(step.message);
  const keyword = step.keyword.trim();
  return why.startsWith(`${step.text}: `) ? `${keyword} ${why}` : `${keyword} ${step.text}: ${why}`;
}

// What is shown of a scenario: one that passed and left a mess is not well.
function badge(scenario) {
  return scenario.verdict === 'passed' && isWrong(scenario)
    ? make('span', { class: 'verdict failed' }, `${SIGNS.failed} tear-down`) : verdict(scenario.verdict);
}

function headline() {
  const count = (test) => entries.filter((entry) => test(entry.scenario)).length;
  const all = entries.length, failed = count((one) => one.verdict === 'failed');
  const tearDowns = count((one) => one.attempts.some((attempt) => attempt.tear_down));
  const words = !all ? 'no scenario was run'
    : failed ? `${failed} of ${plural(all, 'scenario')} failed` : plural(all, 'scenario');
  const fact = (name, value) => value && make('span', {}, `${name} `, make('b', {}, value));
  document.title = `${WORDS[report.verdict] || report.verdict}: ${words}`;
  document.getElementById('top').append(
    make('h1', { class: 'headline' }, verdict(report.verdict), make('span', {}, words)),
    make('p', { class: 'facts' },
      fact('telescope', report.telescope), fact('began', report.started && wall(Date.parse(report.started) / 1000).replace(/\.\d+/, '')), fact('took', took(report.duration_seconds)),
      fact('tear-downs that failed', tearDowns ? String(tearDowns) : ''),
      fact('shards', (report.shards || []).join(', ')), fact('harness', report.harness)),
    make('div', { class: 'proportions', 'aria-hidden': 'true' }, KINDS.map((kind) => {
      const part = count((one) => one.verdict === kind);
      if (!part) return null;
      const piece = make('i', { class: kind });
      piece.style.flexGrow = part;
      return piece;
    })));
}

function tools() {
  const place = document.getElementById('tools');
  const text = make('input', {
    type: 'search', id: 'filter', placeholder: 'filter by any text', 'aria-label': 'filter by text',
    input: () => { filter.text = text.value.trim().toLowerCase(); apply(); },
  });
  const chips = KINDS.map((kind) => {
    const count = entries.filter((entry) => entry.scenario.verdict === kind).length;
    if (!count) return null;
    const chip = make('button', {
      type: 'button', class: kind, 'data-verdict': kind, 'aria-pressed': 'false',
      click: () => {
        const chosen = !filter.verdicts.delete(kind);
        if (chosen) filter.verdicts.add(kind);
        chip.setAttribute('aria-pressed', String(chosen));
        apply();
      },
    }, `${SIGNS[kind]} ${count} ${kind}`);
    return chip;
  });
  const counts = new Map();
  for (const { scenario } of entries) for (const tag of tagsOf(scenario)) counts.set(tag, (counts.get(tag) || 0) + 1);
  const tags = make('select', {
    id: 'tag', 'aria-label': 'filter by tag', change: () => { filter.tag = tags.value; apply(); },
  }, make('option', { value: '' }, 'any tag'),
  [...counts].sort().map(([tag, count]) => make('option', { value: tag }, `${tag} (${count})`)));
  place.append(text, ...chips.filter(Boolean), counts.size ? tags : '',
    make('span', { id: 'shown', class: 'quiet', 'aria-live': 'polite' }), make('span', { class: 'grow' }),
    make('button', { type: 'button', id: 'close-all', click: () => entries.forEach((entry) => { entry.element.open = false; }) }, 'close all'),
    make('span', { class: 'quiet hint' }, 'keys: / filter, n next failure, p previous'));
}

function filterByTag(tag) {
  const select = document.getElementById('tag');
  filter.tag = filter.tag === tag ? '' : tag;
  if (select) select.value = filter.tag;
  apply();
}

// All that is searched in a scenario; made when it is searched first.
function haystack(entry) {
  const { scenario } = entry;
  entry.hay ||= [scenario.name, scenario.feature, scenario.rule, scenario.file, ...tagsOf(scenario),
    ...scenario.attempts.flatMap((attempt) => [attempt.set_up, attempt.tear_down, attempt.warned,
      ...attempt.steps.flatMap((step) => [`${step.keyword} ${step.text}`, step.message])]),
  ].filter(Boolean).join('\n').toLowerCase();
  return entry.hay;
}

function apply() {
  let shown = 0;
  for (const entry of entries) {
    const { scenario } = entry;
    const fits = (!filter.verdicts.size || filter.verdicts.has(scenario.verdict))
      && (!filter.tag || tagsOf(scenario).includes(filter.tag))
      && (!filter.text || haystack(entry).includes(filter.text));
    entry.element.hidden = !fits;
    if (entry.line) entry.line.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  for (const card of document.querySelectorAll('.feature')) card.hidden = !card.querySelector('.scenario:not([hidden])');
  document.getElementById('shown').textContent = shown === entries.length ? '' : `${shown} of ${entries.length} shown`;
}

function wentWrong() {
  const wrong = entries.filter((entry) => isWrong(entry.scenario));
  if (!wrong.length) return null;
  return make('section', { class: 'card wrong', 'aria-label': 'what went wrong' }, make('h2', {}, 'What went wrong'),
    make('ol', { tabindex: '0', 'aria-label': 'scenarios' }, wrong.map((entry) => { entry.line = wrongLine(entry); return entry.line; })));
}

function wrongLine({ scenario, number: at }) {
  return make('li', {}, badge(scenario), ' ', make('a', { href: `#scenario-${at}` }, scenario.name),
    make('div', { class: 'why' }, reason(scenario)));
}

// Features in the order of running, but those first in which something went wrong.
function features() {
  const groups = new Map();
  for (const entry of entries) {
    const key = `${entry.scenario.file}\n${entry.scenario.feature}`;
    groups.set(key, [...(groups.get(key) || []), entry]);
  }
  const wrong = (group) => group.some((entry) => isWrong(entry.scenario));
  const sorted = [...groups.values()].sort((a, b) => wrong(b) - wrong(a));
  let open = OPEN;
  return sorted.map((group) => {
    const { scenario } = group[0];
    const rows = group.map((entry) => scenarioRow(entry, isWrong(entry.scenario) && open-- > 0));
    const bad = group.filter((entry) => isWrong(entry.scenario)).length;
    return make('section', { class: 'card feature' }, make('div', { class: 'title' }, make('h2', {}, scenario.feature),
      make('span', { class: 'quiet mono' }, scenario.file), make('span', { class: 'grow' }),
      make('span', { class: 'quiet' }, `${plural(group.length, 'scenario')}${bad ? `, ${bad} to look at` : ''}`)), rows);
  });
}

function remarks() {
  const list = (title, lines) => lines.length && make('section', { class: 'card' }, make('h2', {}, title),
    make('ul', { class: 'plain' }, lines.map((line) => make('li', {}, line))));
  return [
    list('Not applicable here', (report.not_applicable || []).map((one) => `${one.name} (${one.file}:${one.line}): ${one.reason}`)),
    list('What is odd in the feature files', report.warnings || []),
  ].filter(Boolean);
}

// Opens the scenario, and the attempt, that the address names.
function follow() {
  const found = /^#scenario-(\d+)(?:-(\d+))?$/.exec(window.location.hash);
  const entry = found && entries[Number(found[1]) - 1];
  if (!entry) return;
  entry.element.hidden = false;
  entry.element.closest('.feature').hidden = false;
  entry.element.open = true;
  if (found[2]) entry.attempt = Number(found[2]) - 1;
  fill(entry);
  if (found[2]) entry.choose?.(entry.attempt);
  for (const { element } of entries) element.classList.toggle('here', element === entry.element);
  entry.element.scrollIntoView();
  entry.element.querySelector('summary').focus({ preventScroll: true });
}

function keys(event) {
  if (event.target.closest('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    document.getElementById('filter').focus();
  } else if (event.key === 'n' || event.key === 'p') {
    const wrong = [...document.querySelectorAll('.scenario.bad:not([hidden])')].filter((one) => !one.closest('[hidden]'));
    const here = wrong.findIndex((one) => one.classList.contains('here'));
    const next = wrong[here < 0 ? 0 : (here + (event.key === 'n' ? 1 : wrong.length - 1)) % wrong.length];
    if (next) window.location.hash = next.id;
  }
}

function start() {
  headline();
  tools();
  document.getElementById('main').append(...[wentWrong(), make('div', { id: 'scenarios' }, features()), ...remarks()].filter(Boolean));
  apply();
  watch();
  follow();
  window.addEventListener('hashchange', follow);
  document.addEventListener('keydown', keys);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}
