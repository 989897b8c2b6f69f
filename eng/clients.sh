# shellcheck shell=bash

# Real clients of mem0 and MCP, pinned by a lock file, for the tests of the wire; without them those tests fail and say so.
get_clients() {
  local folder=$root/tests/Memory.Api.Tests/Contract/node
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json" && return
  if ! command -v npm >/dev/null && has_apt && can_be_root; then
    say "Installing Node.js (apt-get install nodejs npm)"
    quietly apt_install nodejs npm || true
  fi
  if ! command -v npm >/dev/null; then
    say "npm is missing: install Node.js 20 or newer for the tests with real clients"
    return
  fi
  say "Fetching the clients of $folder/package-lock.json"
  quietly npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts --legacy-peer-deps --fetch-retries=2 </dev/null &&
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json" ||
    say "npm could not fetch them: the tests with real clients will fail"
}
