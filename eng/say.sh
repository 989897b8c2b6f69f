# shellcheck shell=bash
# One line for what happens, one line for what stops us.

say() { printf '%s\n' "$*"; }

stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Runs a command with its output kept in a log; shows the log's end only when the command fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [[ $status == 0 ]] || tail -n 20 "$log" >&2
  rm -f "$log"
  return "$status"
}
