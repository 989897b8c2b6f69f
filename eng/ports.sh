# shellcheck shell=bash

# The fixed development ports, asked before anything that takes long.
need_free_ports() {
  local port
  for port in "$@"; do
    ! is_open "$port" || stop "Port $port is taken by $(holder_of "$port"): end that first, then run this again"
  done
}

is_open() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

holder_of() {
  local holder
  holder=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p' | head -n 1) || true
  printf '%s' "${holder:-another process}"
}
