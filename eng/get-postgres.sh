#!/usr/bin/env bash
# get-postgres.sh FOLDER: a relocatable copy of the distribution's Postgres in FOLDER, with pgvector beside its own extensions.
# The copy keeps the system's Postgres as it is. Root is asked for only where Postgres or a C compiler are missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/say.sh
source "$here/say.sh"
# shellcheck source=eng/apt.sh
source "$here/apt.sh"
# shellcheck source=eng/postgres.sh
source "$here/postgres.sh"

target=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
use_private_apt "$work/apt"

newest_under() {
  local found
  found=$(find "$1"/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  [[ -z $found ]] || basename "${found%/bin/initdb}"
}

# The package would make and start a cluster of its own, unless its settings say otherwise.
install_postgres() {
  local settings=/etc/postgresql-common/createcluster.conf status=0
  apt_install postgresql-common &&
    as_root cp -p "$settings" "$settings.before" &&
    as_root sed -i '$ a create_main_cluster = false' "$settings" || return
  apt_install "$(distribution_postgres)" || status=$?
  as_root mv "$settings.before" "$settings"
  return "$status"
}

distribution_postgres() {
  apt-cache "${apt_options[@]}" depends postgresql | awk '$1 == "Depends:" && $2 ~ /^postgresql-[0-9]+$/ { print $2; exit }'
}

# Without root: the package and its libraries unpacked, each program behind a line that names the libraries.
unpack_postgres() {
  local name program
  name=$(distribution_postgres)
  [[ -n $name ]] || stop "Postgres is missing: install it with 'apt-get install postgresql' and run this again"
  apt_unpack "$work/unpacked" "$name" || stop "Postgres is missing: install it with 'apt-get install $name' and run this again"
  copy_postgres "$work/unpacked/usr" "${name#postgresql-}"
  rm -f "$work/copy/usr/lib/postgresql/"*/lib/llvmjit*
  mkdir -p "$work/copy/libraries"
  find "$work/unpacked" -path "*/postgresql/*" -prune -o -name '*.so.*' -exec cp -a {} "$work/copy/libraries/" \;
  for program in "$work/copy/usr/lib/postgresql/"*/bin/*; do
    wrap "$program"
  done
}

# Postgres finds its files from the name it was started by, so the name stays that of the wrapper.
wrap() {
  local place=${1#"$work/copy"} program
  program=$(basename "$1")
  mkdir -p "$work/copy/programs"
  mv "$1" "$work/copy/programs/$program"
  cat >"$1" <<WRAPPER
#!/bin/bash
export LD_LIBRARY_PATH=$target/libraries
exec -a "$target$place" "$target/programs/$program" "\$@"
WRAPPER
  chmod +x "$1"
}

copy_postgres() {
  mkdir -p "$work/copy/usr/lib/postgresql" "$work/copy/usr/share/postgresql"
  cp -a "$1/lib/postgresql/$2" "$work/copy/usr/lib/postgresql/"
  cp -a "$1/share/postgresql/$2" "$work/copy/usr/share/postgresql/"
  rm -rf "$work/copy/usr/lib/postgresql/$2/lib/bitcode"
  find "$work/copy" -name 'vector*' -delete
}

version=$(newest_under /usr)
if [[ -z $version ]] && can_be_root; then
  install_postgres || stop "Postgres could not be installed: run 'apt-get install postgresql' and run this again"
  version=$(newest_under /usr)
fi
if [[ -n $version ]]; then
  copy_postgres /usr "$version"
else
  unpack_postgres
  version=$(newest_under "$work/copy/usr")
fi

# shellcheck source=eng/get-pgvector.sh
source "$here/get-pgvector.sh"
add_pgvector

chmod -R a+rX "$work/copy"
put_in_place "$work/copy" "$target"
