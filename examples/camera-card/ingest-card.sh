#!/bin/sh
# Copies and uploads what is new on a camera's card, keeps the report, and tells how it ended where somebody sees or hears it.
#
#   ingest-card.sh [MOUNT] [albumwright ingest flags...]
#
# Where to copy to, and all else, stands in albumwright's configuration file (copy-to: ...) or behind MOUNT. Reports are kept in $REPORTS. $NOTIFY is a command
# that gets the news as its one argument; without it a desktop shows it, a terminal rings, and the system's log has it. The exit code is albumwright's own.
set -u
reports=${REPORTS:-${XDG_STATE_HOME:-$HOME/.local/state}/albumwright/cards}
mkdir -p "$reports" || exit 1
report=$reports/$(date +%Y-%m-%dT%H%M%S).html
said=$(mktemp) || exit 1
trap 'rm -f "$said"' EXIT

tell() {
	if [ -n "${NOTIFY:-}" ]; then
		$NOTIFY "$1"
		return
	fi
	if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v notify-send >/dev/null; then
		notify-send --app-name albumwright "Camera card" "$1"
	fi
	if [ -t 1 ]; then printf '\a'; fi
	if command -v logger >/dev/null; then logger --tag camera-card "$1"; fi
	return 0
}

"${ALBUMWRIGHT:-albumwright}" ingest --report "$report" "$@" >"$said"
code=$?
cat "$said"
verdict=$(tail -n 1 "$said")
case $code in
0) news="$verdict" ;;
3 | 4 | 5) news="$verdict; not everything was uploaded (code $code): run it again later" ;;
6) news="The card is gone: put it back, and it goes on" ;;
7) news="$verdict; $report says why" ;;
11) news="Another ingest is at work on this card" ;;
*) news="$verdict; it ended with code $code" ;;
esac
tell "$news"
exit $code
