# shellcheck shell=bash
# Debian's packages: installed where root or sudo allow it, else fetched and unpacked into a folder of ours.

has_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

can_be_root() { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# apt_install PACKAGE...: refreshes the package lists only when the first attempt fails.
apt_install() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@")
  as_root "${install[@]}" </dev/null && return
  as_root apt-get update -q </dev/null
  as_root "${install[@]}" </dev/null
}

# use_private_apt FOLDER: lists and cache of our own, so that nothing below needs root.
use_private_apt() {
  mkdir -p "$1"/{lists/partial,cache/archives/partial}
  private_lists=(-o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root)
  apt_options=(-q -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root)
  apt_knows dpkg || apt_refresh
}

apt_knows() { [[ -n $(apt-cache "${apt_options[@]}" madison "$1" 2>/dev/null) ]]; }

# apt_unpack FOLDER PACKAGE...: the packages and whatever they need that is not installed, unpacked under FOLDER.
apt_unpack() {
  local folder=$1 deb
  shift
  mkdir -p "$folder"
  apt_fetch "$folder" "$@" || { apt_refresh && apt_fetch "$folder" "$@"; } || return 1
  for deb in "$folder"/*.deb; do
    dpkg -x "$deb" "$folder" || return 1
  done
  rm -f "$folder"/*.deb
}

# The lists of the system may be missing or too old to fetch from.
apt_refresh() {
  apt_options=(-q "${private_lists[@]}")
  apt-get "${apt_options[@]}" update
}

# LLVM is left out: it only serves Postgres's JIT and is larger than all the rest.
apt_fetch() {
  local folder=$1 names
  shift
  names=$(apt-get "${apt_options[@]}" install --simulate --no-install-recommends "$@" |
    awk '$1 == "Inst" && $2 !~ /^libllvm/ { print $2 }') || return 1
  [[ -n $names ]] || names="$*"
  # shellcheck disable=SC2086 # one word a package
  (cd "$folder" && apt-get "${apt_options[@]}" download $names)
}

# libraries_of FOLDER: every folder below it that holds shared libraries, as LD_LIBRARY_PATH wants them.
libraries_of() {
  find "$1" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd:
}

has_all_libraries() {
  local missing
  missing=$(ldd "$1" | grep 'not found') || true
  [[ -z $missing ]]
}

# put_in_place NEW TARGET: the finished folder takes the place of an older one in a moment, for whoever is using that.
put_in_place() {
  mkdir -p "$(dirname "$2")"
  rm -rf "$2.new" "$2.old"
  cp -a "$1" "$2.new"
  [[ ! -e $2 ]] || mv "$2" "$2.old"
  mv "$2.new" "$2"
  rm -rf "$2.old"
}
