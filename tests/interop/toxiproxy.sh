#!/usr/bin/env bash
# Tries the control of `harness gate` with clients of Toxiproxy: toxiproxy-node-client
# and toxiproxy-python make, change and remove proxies and toxics, with traffic through
# the proxies that shows what they do; and the way to the database of a simulated
# telescope is made late with curl, as `harness gate --help` says.
#
#     tests/interop/toxiproxy.sh [--help] [node|python|curl]...    (default node python curl)
#
# Needs python3 with venv, node 18 or later with npm, curl, and the package indexes of
# both languages the first time.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

case ${1:-} in -*)
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
trials=("$@")
[ "${#trials[@]}" -gt 0 ] || trials=(node python curl)
node_client=4.1.0

# Sets `modules` to where Node finds the client.
node_environment() {
    local home=$interop/.venv-toxiproxy-node
    modules=$home/node_modules
    local installed=$modules/toxiproxy-node-client/package.json
    if grep -q "\"version\": \"$node_client\"" "$installed" 2>/dev/null; then return; fi
    command -v npm >/dev/null || fail "npm is missing; on Debian: apt-get install nodejs npm"
    say "installing toxiproxy-node-client $node_client into ${home#"$root"/}"
    rm -rf "$home"
    if ! timeout 600 npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$home" \
        "toxiproxy-node-client@$node_client" >"$scratch/npm.log" 2>&1; then
        tail -n 5 "$scratch/npm.log" >&2
        fail "toxiproxy-node-client cannot be installed: see above"
    fi
}

# start_gate ARGUMENT...: sets `gate` (the process), `log` and `control`, its URL.
start_gate() {
    log=$scratch/gate.log
    "$harness" gate --control 0 "$@" >"$log" 2>&1 </dev/null &
    gate=$!
    pids+=("$gate")
    wait_for_line "$gate" "$log" 'until Ctrl-C' || {
        cat "$log" >&2
        fail "harness gate does not say its control's address"
    }
    control=$(grep -o -m 1 'CONTROL=[^ ]*' "$log" | cut -d = -f 2)
}

# The gate must have lived through it, and end at once with the code of an interrupt.
end_gate() {
    local status=0
    kill -0 "$gate" || fail "the gate has ended"
    kill -INT "$gate"
    wait "$gate" || status=$?
    [ "$status" -eq 130 ] || fail "the gate ended with exit code $status"
}

node() {
    node_environment
    start_gate
    NODE_PATH=$modules timeout --kill-after=5 120 \
        node "$interop/toxiproxy_client.js" "$control" || fail "the Node client: see above"
    end_gate
}

python() {
    # its own dependency `future` is the last that Python 3.12 takes
    package_environment toxiproxy toxiproxy-python 0.1.1 future==1.0.0 requests==2.32.5
    start_gate
    timeout --kill-after=5 120 \
        "$python" "$interop/toxiproxy_client.py" "$control" || fail "the Python client: see above"
    end_gate
}

# The example of the help, in front of a simulated telescope's database.
curl_as_in_the_help() {
    local simulator listen database sim_log=$scratch/sim.log answer before after
    "$harness" sim --dwell 0.02 >"$sim_log" 2>&1 </dev/null &
    simulator=$!
    pids+=("$simulator")
    wait_for_line "$simulator" "$sim_log" 'TANGO_HOST=' || fail "harness sim does not start"
    database=$(grep -o -m 1 'TANGO_HOST=[^ ]*' "$sim_log" | cut -d = -f 2)
    start_gate --upstream "$database" --name database
    listen=$(grep -o -m 1 'GATE=[^ ]*' "$log" | cut -d = -f 2)
    # the first brings the subarray there
    reached_in "$listen" >"$scratch/first"
    before=$(reached_in "$listen")
    answer=$(curl --silent --show-error --fail "$control/proxies/database/toxics" --json \
        '{"type": "latency", "attributes": {"latency": 200}}')
    after=$(reached_in "$listen")
    say "harness reach took $before ms through the gate, and $after ms with 200 ms of latency"
    [ "$after" -ge $((before + 200)) ] || fail "the latency is not seen: $answer"
    curl --silent --show-error --fail --request POST "$control/reset"
    end_gate
}

# reached_in DATABASE: how many milliseconds `harness reach IDLE` takes.
reached_in() {
    local from
    from=$(date +%s%N)
    timeout --kill-after=5 60 "$harness" reach IDLE --device "tango://$1/low-tmc/subarray/01" \
        >"$scratch/reach.log" 2>&1 </dev/null || {
        cat "$scratch/reach.log" >&2
        fail "harness reach does not work through the gate: see above"
    }
    echo $((($(date +%s%N) - from) / 1000000))
}

say "building the harness"
build_release --bin harness
harness=$built/harness
for trial in "${trials[@]}"; do
    started=$SECONDS
    case $trial in
    node | python) "$trial" ;;
    curl) curl_as_in_the_help ;;
    *) fail "there is no trial $trial; there are node, python and curl" ;;
    esac
    end_processes
    say "ok, $((SECONDS - started)) s: toxiproxy $trial"
done
