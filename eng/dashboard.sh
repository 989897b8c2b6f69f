# shellcheck shell=bash

# The Aspire dashboard comes with Aspire's command line, which npm has; the system runs without it as well.
get_dashboard() {
  local name version folder=$ASPIREMEMORY_CACHE/dashboard
  name=@microsoft/aspire-cli-$(platform)
  version=$(aspire_version)
  grep -qs "\"version\": \"$version\"" "$folder/node_modules/$name/package.json" && return
  if ! command -v npm >/dev/null; then
    say "npm is missing: the dashboard is left out"
    return
  fi
  say "Fetching the Aspire dashboard $version into $folder"
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-audit --no-fund --silent --fetch-retries=1 "$name@$version" >/dev/null 2>&1 </dev/null ||
    say "npm has no $name $version to give: the dashboard is left out"
}

platform() {
  local system=linux processor=x64
  [[ $(uname -s) != Darwin ]] || system=osx
  [[ $system != linux || $(ldd --version 2>&1) != *musl* ]] || system=linux-musl
  case $(uname -m) in aarch64 | arm64) processor=arm64 ;; esac
  printf '%s-%s' "$system" "$processor"
}
