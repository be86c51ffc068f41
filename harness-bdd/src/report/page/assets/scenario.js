// One scenario: its line in the list, and what is inside, which is made when it is looked at.

function scenarioRow(entry, open) {
  const { scenario, number: at } = entry;
  const duration = scenario.attempts.reduce((sum, attempt) => sum + number(attempt.duration_seconds, 0), 0);
  const why = reason(scenario);
  entry.element = make('details', {
    class: `scenario${isWrong(scenario) ? ' bad' : ''}`, id: `scenario-${at}`, open, 'data-verdict': scenario.verdict,
    toggle: () => { if (entry.element.open) near.observe(entry.element); },
  }, make('summary', {}, badge(scenario), make('span', { class: 'name' }, scenario.name),
    scenario.repetition && make('span', { class: 'quiet' }, `repetition ${scenario.repetition}`),
    scenario.attempts.length > 1 && make('span', { class: 'flaky' }, plural(scenario.attempts.length, 'attempt')),
    make('span', { class: 'grow' }), make('span', { class: 'took' }, took(duration)),
    why && make('span', { class: 'why' }, why)));
  entry.element.entry = entry;
  return entry.element;
}

// What is open is filled when it comes near the window.
const near = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    if (target.open) fill(target.entry);
  }
}, { rootMargin: '600px' });

function watch() {
  for (const { element } of entries) if (element.open) near.observe(element);
  // timelines stand below the script, so that a large page can be used while it loads
  document.addEventListener('DOMContentLoaded', () => {
    for (const entry of entries) if (entry.waits) entry.choose(entry.attempt);
  });
}

function fill(entry) {
  if (entry.filled) return;
  entry.filled = true;
  const { scenario } = entry;
  const last = scenario.attempts.length - 1;
  entry.attempt = Math.max(0, Math.min(entry.attempt ?? last, last));
  const body = make('div', { role: last > 0 ? 'tabpanel' : undefined });
  const tabs = scenario.attempts.map((attempt, index) => make('button', {
    type: 'button', role: 'tab', click: () => entry.choose(index),
  }, `attempt ${index + 1}: ${attemptVerdict(attempt)}, ${took(attempt.duration_seconds)}`));
  entry.choose = (index) => {
    if (!scenario.attempts[index]) return;
    entry.attempt = index;
    tabs.forEach((tab, at) => tab.setAttribute('aria-selected', String(at === index)));
    body.replaceChildren(...attemptView(entry, scenario.attempts[index], index));
  };
  entry.element.append(make('div', { class: 'inside' },
    make('div', { class: 'meta' }, make('span', { class: 'mono' }, `${scenario.file}:${scenario.line}`),
      scenario.rule && make('span', {}, `rule: ${scenario.rule}`),
      tagsOf(scenario).map((tag) => make('button', { type: 'button', class: 'tag', title: 'show only what has this tag', click: () => filterByTag(tag) }, tag)),
      make('a', { href: `#scenario-${entry.number}`, 'aria-label': 'link to this scenario' }, '# link')),
    last > 0 && make('div', { class: 'tabs', role: 'tablist', 'aria-label': 'attempts' }, tabs),
    body));
  if (last < 0) body.append(make('p', { class: 'quiet' }, 'It was not begun.'));
  else entry.choose(entry.attempt);
}

function attemptVerdict(attempt) {
  const kinds = attempt.steps.map((step) => step.verdict);
  if (attempt.set_up || kinds.includes('failed')) return 'failed';
  return ['undefined', 'stopped'].find((kind) => kinds.includes(kind)) || 'passed';
}

function attemptView(entry, attempt, index) {
  const data = json(`timeline-${entry.number}-${index + 1}`);
  entry.waits = !data && document.readyState === 'loading';
  const chart = data && new Timeline(data, attempt);
  const told = (words, text, kind) => text && [
    make('p', { class: `told ${kind || ''}` }, words), make('pre', { class: `account ${kind || ''}` }, text)];
  const scale = chart ? data.at_seconds : attempt.at_seconds;
  const parts = [
    told('Before it began, it was known that', attempt.warned, 'note'),
    told('Before the first step:', attempt.set_up),
    make('ol', { class: 'steps' }, attempt.steps.map((step) => stepView(step, chart, scale))),
    told('The telescope could not be put back:', attempt.tear_down),
    chart ? chart.element : make('p', { class: 'quiet' }, entry.waits ? 'The timeline is being loaded.' : 'No timeline was collected.'),
  ];
  return parts.flat().filter(Boolean);
}

function stepView(step, chart, began) {
  const reached = Number.isFinite(step.at_seconds);
  const from = reached ? step.at_seconds - began : 0;
  const until = from + number(step.duration_seconds, 0);
  const line = [
    make('span', { class: `sign ${step.verdict}`, role: 'img', 'aria-label': step.verdict }, SIGNS[step.verdict]),
    make('span', { class: 'text' }, make('b', {}, step.keyword.trim()), ` ${step.text}`),
    make('span', { class: 'where mono' }, step.defined_at || (step.verdict === 'undefined' ? 'no step matches' : '')),
    make('span', { class: 'took', title: reached ? `began at ${moment(from)}` : undefined }, reached ? took(step.duration_seconds) : ''),
  ];
  return make('li', { class: `step ${step.verdict}`, 'data-verdict': step.verdict },
    chart && reached
      ? make('button', { type: 'button', class: 'line', title: 'zoom the timeline to this step', click: () => chart.zoomTo(from, until) }, line)
      : make('div', { class: 'line' }, line),
    step.table && make('table', {}, step.table.map((row) => make('tr', {}, row.map((cell) => make('td', {}, cell))))),
    step.doc_string && make('pre', { class: 'data' }, step.doc_string),
    step.message && make('pre', { class: 'account' }, step.message));
}
