#!/usr/bin/env bash
# Tries the control of `harness sim` over HTTP: schemathesis holds what it does against
# its description, and headless Chromium uses the status page.
#
#     tests/interop/http.sh [--help] [api|page]...    (default api page)
#
# Needs python3 with venv, the Python package index and Debian's chromium and
# chromium-driver the first time. Screenshots of the page go to target/page.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$interop/debian.sh"

case ${1:-} in -*)
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
trials=("$@")
[ "${#trials[@]}" -gt 0 ] || trials=(api page)
token="interop-token"

# What is described is what happens, whatever is sent; the seed makes it repeat.
api() {
    package_environment schemathesis schemathesis 4.32.5
    local log=$scratch/sim.log simulator url status=0
    HARNESS_HTTP_TOKEN=$token "$harness" sim --preset low --dwell 0.02 --manual-clock --http 0 \
        >"$log" 2>&1 </dev/null &
    simulator=$!
    pids+=("$simulator")
    wait_for_line "$simulator" "$log" 'HTTP=' || fail "harness sim does not say its HTTP address"
    url=$(grep -o -m 1 'HTTP=[^ ]*' "$log" | cut -d = -f 2)
    # what has no end is tried by the page; bodies of moto are taken whatever their type
    (cd "$scratch" && SCHEMATHESIS_HOOKS=$interop/http_hooks.py timeout --kill-after=5 120 \
        "${python%/*}/schemathesis" --config-file "$interop/http.toml" run "${url}openapi.json" \
        --header "Authorization: Bearer $token" --exclude-path /events \
        --seed 20261126 --no-color) >"$scratch/schemathesis.log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 120 "$scratch/schemathesis.log" >&2
        fail "schemathesis found something: see above"
    fi
    kill -0 "$simulator" || fail "the simulator has ended"
    grep -E ' generated, | issues found' "$scratch/schemathesis.log" | tail -n 5
}

page() {
    debian_packages chromium chromium-driver
    timeout --kill-after=5 240 python3 "$interop/page.py" "$harness" "$root/target/page" ||
        fail "the status page: see above"
    say "screenshots are in target/page"
}

say "building the harness"
build_release --bin harness
harness=$built/harness
for trial in "${trials[@]}"; do
    started=$SECONDS
    case $trial in
    api | page) "$trial" ;;
    *) fail "there is no trial $trial; there are api and page" ;;
    esac
    end_processes
    say "ok, $((SECONDS - started)) s: http $trial"
done
