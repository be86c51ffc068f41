// Words of a run.

const SIGNS = {
  passed: '✔', flaky: '↻', failed: '✖', undefined: '?', stopped: '■', skipped: '–', nothing_ran: '∅',
};
const WORDS = { nothing_ran: 'nothing ran' };

function verdict(kind) {
  return make('span', { class: `verdict ${kind}` }, `${SIGNS[kind] || ''} ${WORDS[kind] || kind}`);
}

// A moment of a timeline, to the millisecond.
function moment(seconds) {
  return `${seconds.toFixed(3)} s`;
}
