#!/usr/bin/env bash
# Reads the metrics of a load with the parser of prometheus-client, and tells what
# being read once a second does to the 99th percentile of 10,000 actions a second.
#
#     tests/interop/load_metrics.sh [--help] [parser|cost]...    (default parser cost)
#
# ROUNDS=15 in the environment makes so many rounds of `cost`, an odd number; 5 without it.
#
# Needs python3 with venv, curl, and the Python package index the first time.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

case ${1:-} in -*)
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
trials=("$@")
rounds=${ROUNDS:-5}
[ "${#trials[@]}" -gt 0 ] || trials=(parser cost)

# start_load STARTS SECONDS: sets `load` (the process), `log` and `url`.
start_load() {
    log=$scratch/load.log
    "$built/examples/load_metrics" "$1" "$2" >"$log" 2>&1 </dev/null &
    load=$!
    pids+=("$load")
    wait_for_line "$load" "$log" 'METRICS=' || {
        cat "$log" >&2
        fail "the load does not start"
    }
    url=$(grep -o -m 1 'METRICS=[^ ]*' "$log" | cut -d = -f 2)
}

end_load() {
    wait "$load" || {
        cat "$log" >&2
        fail "the load ended with exit code $?"
    }
}

parser() {
    package_environment prometheus prometheus-client 0.26.0
    start_load 2000 6
    timeout --kill-after=5 60 "$python" "$interop/load_metrics.py" "$url" || fail "see above"
    end_load
}

# Alternating, as a machine is not always as busy. The reader is on this machine, too, and takes
# its share of it; so it reads something else beside the load in a round of its own.
cost() {
    local round kind what
    for ((round = 1; round <= rounds; round++)); do
        for kind in alone beside read; do
            start_load 10000 6
            what=$url
            [ "$kind" = read ] || what=file://$log
            while [ "$kind" != alone ] && ! grep -q p99 "$log"; do
                curl --silent --show-error --fail --output /dev/null "$what"
                sleep 1
            done
            end_load
            grep p99 "$log" | cut -d ' ' -f 2 >>"$scratch/$kind"
            grep -q -E 'rate (9[5-9]|10[0-9]).*/s' "$log" || say "only $(grep rate "$log")"
        done
        say "round $round: p99 $(tail -n 1 "$scratch/alone") us alone," \
            "$(tail -n 1 "$scratch/beside") us with a reader of something else," \
            "$(tail -n 1 "$scratch/read") us when read"
    done
    say "median p99: $(median "$scratch/alone") us alone," \
        "$(median "$scratch/beside") us with a reader of something else," \
        "$(median "$scratch/read") us when read"
    for kind in alone beside; do
        paste "$scratch/$kind" "$scratch/read" |
            awk '{ printf "%.1f\n", 100 * ($2 - $1) / $1 }' | sort -n >"$scratch/more"
        say "read to $kind, of each round: median $(median "$scratch/more") %," \
            "from $(head -n 1 "$scratch/more") % to $(tail -n 1 "$scratch/more") %"
    done
}

median() { sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"; }

say "building the load"
build_release --example load_metrics
for trial in "${trials[@]}"; do
    started=$SECONDS
    case $trial in
    parser | cost) "$trial" ;;
    *) fail "there is no trial $trial; there are parser and cost" ;;
    esac
    end_processes
    say "ok, $((SECONDS - started)) s: the metrics of a load, $trial"
done
