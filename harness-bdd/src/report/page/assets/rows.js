// What stands in a timeline, as rows of items: { at, until, text, tip, look }.

// Values that are known get colours by what they mean, all others one that follows from their letters.
const LOOKS = {
  empty: ['EMPTY', 'NOT_FITTED', 'INIT', 'UNKNOWN', 'NONE'],
  idle: ['IDLE', 'STANDBY', 'STANDBY_LP', 'STANDBY_FP', 'STOW', 'STANDBY-LP', 'STANDBY-FP'],
  ready: ['READY', 'OPERATE', 'CONFIG', 'TRACK'],
  scanning: ['SCANNING', 'SCAN', 'RUNNING'],
  moving: ['RESOURCING', 'CONFIGURING', 'SLEW', 'MOVING', 'STARTUP', 'ENGINEERING', 'MAINTENANCE'],
  ending: ['ABORTING', 'ABORTED', 'RESETTING', 'RESTARTING', 'SHUTDOWN'],
  fault: ['FAULT', 'FAILED', 'ALARM', 'ERROR'],
  fine: ['ON', 'OK', 'ONLINE', 'OPEN'],
  dim: ['OFF', 'OFFLINE', 'DISABLE', 'CLOSE', 'RESERVED'],
  warn: ['DEGRADED'],
};
const LOOK = new Map(Object.entries(LOOKS).flatMap(([look, values]) => values.map((value) => [value, look])));

function lookOf(value) {
  const known = LOOK.get(value.replace(/ \(.*$/, '').toUpperCase());
  if (known) return known;
  let sum = 0;
  for (const letter of value) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return 'abcdef'[sum % 6];
}

function lasted(at, until, end) {
  return until === undefined || until === null ? `from ${moment(at)} beyond the end` : `${moment(at)} to ${moment(until)} (${took(until - at)})`;
}

// The rows of a device.
function rowsOf(lane, end) {
  const rows = lane.states.map((track) => ({
    label: track.attribute, kind: 'state', height: 20,
    items: track.bars.map((bar, index) => {
      const until = track.bars[index + 1]?.at ?? end;
      return {
        at: bar.at, until, text: bar.value, look: `state v-${lookOf(bar.value)}`, kind: 'state', point: bar.at,
        tip: `${track.attribute} ${bar.value}\n${lane.device}\n${moment(bar.at)} to ${moment(until)} (${took(until - bar.at)})${bar.note ? `\n${bar.note}` : ''}`,
      };
    }),
    silences: [],
  }));
  const other = [];
  for (const silence of lane.silences) {
    const row = rows.find((one) => one.label.toLowerCase() === silence.attribute.toLowerCase());
    const words = silence.kind === 'lost' ? 'nothing was heard of' : 'events may be missing of';
    const item = {
      at: silence.at, until: silence.until ?? end, text: `${silence.kind}: ${silence.attribute}`, look: silence.kind, kind: silence.kind,
      tip: `${words} ${silence.attribute}\n${lane.device}\n${lasted(silence.at, silence.until, end)}\n${silence.reason}`,
    };
    (row ? row.silences : other).push(item);
  }
  if (other.length) rows.push({ label: 'not heard', kind: 'silence', height: 18, levels: 1, items: other });
  if (lane.commands.length) rows.push({ label: 'commands', kind: 'command', height: 18, beside: true, items: lane.commands.map((one) => commandItem(lane, one, end)) });
  if (lane.long_running.length) rows.push({ label: 'long running', kind: 'long', height: 18, beside: true, items: lane.long_running.map((one) => longItem(lane, one, end)) });
  if (lane.moments.length) {
    rows.push({
      label: 'other changes', kind: 'moment', height: 14, items: lane.moments.map((one) => ({
        at: one.at, until: one.at, text: one.text, look: `moment${one.failed ? ' error' : ''}`, kind: 'moment',
        tip: `${one.text}\n${lane.device}\n${moment(one.at)}`,
      })),
    });
  }
  return rows;
}

// States that stayed as they were are told in words, so that those that changed are seen.
function withoutConstant(rows) {
  const telling = ['v-fault', 'v-warn'];
  const isDull = (row, at) => row.kind === 'state' && at > 0 && row.items.length < 2 && !row.silences.length
    && !telling.some((look) => row.items[0]?.look.includes(look));
  const dull = rows.filter(isDull);
  return { rows: rows.filter((row) => !dull.includes(row)), constant: dull.map((row) => `${row.label} ${row.items[0]?.text}`).join(' · ') };
}

function commandItem(lane, one, end) {
  return {
    at: one.at, until: one.until ?? end, look: one.error ? 'command error' : 'command', kind: 'command',
    text: `${one.command}${one.error ? ': error' : ''}${one.until === undefined ? ': no answer' : ''}`,
    tip: [`${one.command}${one.argument ? ` ${one.argument}` : ''}`, lane.device, lasted(one.at, one.until, end),
      one.answer && `answer: ${one.answer}`, one.error && `error: ${one.error}`].filter(Boolean).join('\n'),
  };
}

function longItem(lane, one, end) {
  const open = one.until === undefined;
  return {
    at: one.at, until: one.until ?? end, kind: 'long', ticks: one.reports.map((report) => report.at),
    look: `long${open ? ' open' : ''}${one.failed ? ' error' : ''}`,
    text: `${one.name}: ${one.result || (one.reports.at(-1)?.text ?? 'no status')}${open ? ' …' : ''}`,
    tip: [`long running ${one.name}${one.result ? `: ${one.result}` : ', which did not end'}`, `${lane.device}, id ${one.id}`, lasted(one.at, one.until, end),
      ...one.reports.map((report) => `  ${moment(report.at)}  ${report.text}`)].join('\n'),
  };
}

function periodItem(one, end, look) {
  return {
    at: one.at, until: one.until ?? end, text: one.name, look: `${look}${one.error ? ' error' : ''}`, kind: look,
    tip: [one.name, lasted(one.at, one.until, end), one.error && `failed: ${one.error}`].filter(Boolean).join('\n'),
  };
}

// The steps of the scenario as a band, with what came after them.
function stepItems(attempt, began, end) {
  const items = attempt.steps.filter((step) => Number.isFinite(step.at_seconds)).map((step) => {
    const at = Math.max(0, step.at_seconds - began), until = at + number(step.duration_seconds, 0);
    return {
      at, until, text: `${step.keyword.trim()} ${step.text}`, look: `step-${step.verdict}`, kind: 'step',
      tip: `${step.keyword.trim()} ${step.text}\n${step.verdict}, ${lasted(at, until, end)}`,
    };
  });
  if (Number.isFinite(attempt.tear_down_at_seconds)) {
    const at = Math.max(0, attempt.tear_down_at_seconds - began);
    items.push({
      at, until: end, text: 'tear-down', look: attempt.tear_down ? 'step-failed' : 'step-tear-down', kind: 'step',
      tip: `tear-down\n${lasted(at, end, end)}`,
    });
  }
  return items;
}
