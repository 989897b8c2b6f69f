# shellcheck shell=bash
# What every step relies on: a writable home, the cache outside the checkout, and quiet tools.

umask 022
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
# Build nodes would outlive us, and a pipe that they hold would never end.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

use_home() {
  [[ -n ${HOME:-} ]] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
  if [[ -z $HOME || ! -d $HOME || ! -w $HOME ]]; then
    HOME=${TMPDIR:-/tmp}/aspirememory-$(id -u)
    [[ -d $HOME ]] || mkdir -m 700 "$HOME"
    [[ -O $HOME ]] || stop "$HOME belongs to another user: set HOME to a folder of your own"
  fi
  export HOME
}

use_cache() {
  local cache=${ASPIREMEMORY_CACHE:-}
  if [[ -z $cache ]]; then
    if [[ $(id -u) == 0 ]]; then
      cache=/var/cache/aspirememory
    else
      cache=${XDG_CACHE_HOME:-$HOME/.cache}/aspirememory
    fi
  fi
  mkdir -p "$cache" 2>/dev/null && [[ -w $cache ]] || stop "The cache folder $cache is not writable: set ASPIREMEMORY_CACHE to one that is"
  ASPIREMEMORY_CACHE=$(cd "$cache" && pwd)
  export ASPIREMEMORY_CACHE
}

need_writable_checkout() {
  mkdir -p "$root/artifacts" 2>/dev/null && [[ -w $root && -w $root/artifacts ]] ||
    stop "$root is not writable for $(id -un): run as its owner, or in a clone of your own"
}
