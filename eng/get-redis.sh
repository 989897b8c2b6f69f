#!/usr/bin/env bash
# get-redis.sh FOLDER: the distribution's redis-server in FOLDER, without root and without starting a service.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/apt.sh
source "$here/apt.sh"

target=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

use_private_apt "$work/apt"
apt_unpack "$work/root" redis-tools
mkdir -p "$work/redis"
mv "$work/root" "$work/redis/root"

# The package has one binary for all of Redis; its name decides what it is.
server=root/usr/bin/redis-server
mv "$work/redis/root/usr/bin/redis-check-rdb" "$work/redis/$server"
if has_all_libraries "$work/redis/$server"; then
  ln -s "$server" "$work/redis/redis-server"
else
  libraries=$(libraries_of "$work/redis/root")
  cat >"$work/redis/redis-server" <<WRAPPER
#!/bin/sh
# Redis with libraries that this system lacks.
LD_LIBRARY_PATH=${libraries//$work\/redis/$target} exec $target/$server "\$@"
WRAPPER
  chmod +x "$work/redis/redis-server"
fi
chmod -R a+rX "$work/redis"

put_in_place "$work/redis" "$target"
"$target/redis-server" --version
