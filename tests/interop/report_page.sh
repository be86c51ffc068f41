#!/usr/bin/env bash
# Tries the pages of a run and of a load in headless Chromium: see report_page.py and
# load_page.py.
#
#     tests/interop/report_page.sh [--help]
#
# Needs python3, and Debian's chromium and chromium-driver the first time. Screenshots
# of the pages go to target/page.
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
build_release --example report_page --example load_page
debian_packages chromium chromium-driver
started=$SECONDS
for page in report_page load_page; do
    timeout --kill-after=5 300 python3 "$interop/$page.py" \
        "$built/examples/$page" "$root/target/page" "$scratch" ||
        fail "$page: see above"
done
say "screenshots are in target/page"
say "ok, $((SECONDS - started)) s: the pages of a run and of a load"
