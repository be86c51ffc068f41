#!/usr/bin/env bash
# Tries the page of a load in headless Chromium: see load_page.py.
#
#     tests/interop/load_page.sh [--help]
#
# Needs python3, and Debian's chromium and chromium-driver the first time. Screenshots
# of the page go to target/page.
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

say "building the trial"
build_release --example load_page
debian_packages chromium chromium-driver
started=$SECONDS
timeout --kill-after=5 300 python3 "$interop/load_page.py" \
    "$built/examples/load_page" "$root/target/page" "$scratch" ||
    fail "the page of a load: see above"
say "screenshots are in target/page"
say "ok, $((SECONDS - started)) s: the page of a load"
