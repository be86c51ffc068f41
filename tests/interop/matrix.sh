#!/usr/bin/env bash
# The interop matrix of tango-wire: each peer with each trial, three at a time.
#
#     tests/interop/matrix.sh [--list] [--help] [PEER | TRIAL | PEER:TRIAL]...
#
# Without arguments everything runs; PEER and TRIAL select a row or a column. Peers are
# PyTango versions from the Python package index, `debian` (Debian's python3-tango),
# `tangotest` (Debian's tango-test) and `own` (tango-wire itself). Trials:
#
#   server          its server, without a database, and our client
#   overrun         its server drops events: our client tells how many
#   restart         its server is killed between two pushes and started again
#   old-device      its server has a device of IDL 4, and our client
#   refused-device  its server has a device of IDL 3: our client says no, and why
#   client          our server, without a database, and its client
#   client-restart  our server is killed and started again under its client (two of them)
#   own-database    its server and ours in our database, found by both clients: properties,
#                   aliases, locks, a memorised attribute, devices and database restarted
#   real-database   the same in Debian's tango-db with MariaDB
#
# Each ends with a line in the table at the end; the exit code is 1 if one failed. One that
# fails is tried up to twice more, and the table says so. What a failed one printed is kept. Installs Debian packages where they are missing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$interop/debian.sh"
# shellcheck source-path=SCRIPTDIR source=cells.sh
. "$interop/cells.sh"

versions=(9.4.2 9.5.1 10.0.4 10.1.6 10.3.1)
pytango_trials=(server overrun restart old-device refused-device client own-database
    real-database)
# Clients of 9.3.4 are not among them: they crash (segmentation fault) when any server that
# they have subscribed to without a database is started again, one of 9.3.4 too.
# PyTango's clients look for a server that is gone every 10 s only: not for each of them
patient=(9.5.1 10.3.1)
# they wait more than they work
at_once=3
limit=300

cells() {
    local peer trial
    # those that take longest first
    for peer in "${patient[@]}"; do echo "$peer:client-restart"; done
    for peer in "${versions[@]}" debian; do
        for trial in "${pytango_trials[@]}"; do echo "$peer:$trial"; done
    done
    for trial in server own-database real-database; do echo "tangotest:$trial"; done
    for trial in server restart own-database real-database; do echo "own:$trial"; done
}

# selected CELL WORD...: whether one of the words names it; no words name all.
selected() {
    local cell=$1 word
    shift
    [ "$#" -gt 0 ] || return 0
    for word in "$@"; do
        case $cell in "$word" | "$word":* | *:"$word") return 0 ;; esac
    done
    return 1
}

# interpreter PEER: sets `python` to the one that has its PyTango.
interpreter() {
    case $1 in
    debian) python=/usr/bin/python3 ;;
    tangotest | own) python=$interop/.venv-${versions[-1]}/bin/python ;;
    *) python=$interop/.venv-$1/bin/python ;;
    esac
}

# The inner call, one process for each cell: --cell PEER:TRIAL
if [ "${1:-}" = --cell ]; then
    interpreter "${2%%:*}"
    peer=${2%%:*} run_cell "${2#*:}"
    exit 0
fi

words=()
for word in "$@"; do
    case $word in
    --help | -h)
        sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        exit 0
        ;;
    --list)
        cells
        exit 0
        ;;
    -*) fail "there is no option $word; see --help" ;;
    *) words+=("$word") ;;
    esac
done
chosen=()
for cell in $(cells); do
    # shellcheck disable=SC2310 # it is a question
    if selected "$cell" ${words[@]+"${words[@]}"}; then chosen+=("$cell"); fi
done
[ "${#chosen[@]}" -gt 0 ] || fail "nothing is called ${words[*]}; see --list"

debian_packages mariadb-server tango-db libtango-tools tango-test python3-tango
for version in "${versions[@]}"; do pytango_environment "$version"; done
say "building wire_client and wire_server"
build_release --example wire_client --example wire_server
export INTEROP_BUILT=$built

results=$scratch/results
mkdir "$results"
started=$SECONDS

# Runs one cell once; its output stays in a file of its name and the attempt's number.
once() {
    local log=$results/$1.$2.log status=0
    TMPDIR=$scratch timeout --kill-after=20 "$limit" "${BASH_SOURCE[0]}" --cell "$1" \
        >"$log" 2>&1 </dev/null || status=$?
    [ "$status" -eq 0 ] && return
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        echo "FAILED: not done within $limit s" >>"$log"
    fi
    say "attempt $2 of $1 failed:"
    grep -E '^ *FAILED|^interop: FAILED|^real database:' "$log" |
        sort -u | head -n 12 | cut -c 1-300 || true
    return 1
}

# Runs a cell and notes how it went. Peers have failures of their own that come and go: about
# one PyTango server in twenty (9.5.1, 10.0.4, 10.1.6) aborts in a burst or a DevRestart after
# attributes were added and removed, 9.x servers send no archive events to some first
# subscriptions. So what fails is tried again, up to three times in all, and the table says so.
attempt() {
    local cell=$1 began=$SECONDS word=FAILED try
    for try in 1 2 3; do
        # shellcheck disable=SC2310 # it is a question
        if once "$cell" "$try"; then
            word=ok
            [ "$try" -eq 1 ] || word="ok at attempt $try"
            break
        fi
    done
    printf '%s %s %s\n' "$cell" "$((SECONDS - began))" "$word" >"$results/$cell"
    say "$word, $((SECONDS - began)) s: $cell"
}

for cell in "${chosen[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || true; done
    attempt "$cell" &
done
wait

echo
printf '%-11s %-16s %7s  %s\n' peer trial seconds outcome
failed=0
for cell in "${chosen[@]}"; do
    read -r _ seconds word <"$results/$cell" || word="FAILED: no result"
    printf '%-11s %-16s %7s  %s\n' "${cell%%:*}" "${cell#*:}" "$seconds" "$word"
    case $word in ok*) ;; *) failed=$((failed + 1)) ;; esac
done
echo
say "${#chosen[@]} cells in $((SECONDS - started)) s"
[ "$failed" -eq 0 ] || fail "$failed of ${#chosen[@]} cells failed; their output is in $results"
