# shellcheck shell=bash
# pgvector for the Postgres $version under $work/copy: the distribution's package, else built from Debian's source of it.

# The first Debian release that has the source; its binaries would need a newer libc.
pgvector_release=trixie

add_pgvector() {
  local share=$work/copy/usr/share/postgresql/$version library=$work/copy/usr/lib/postgresql/$version/lib
  if apt_knows "postgresql-$version-pgvector" && apt_unpack "$work/pgvector" "postgresql-$version-pgvector" && has_halfvec "$work/pgvector/usr/share/postgresql/$version"; then
    cp "$work/pgvector/usr/share/postgresql/$version/extension"/vector* "$share/extension/"
    cp "$work/pgvector/usr/lib/postgresql/$version/lib/vector.so" "$library/"
    return
  fi
  need_compiler
  fetch_source || stop "pgvector is missing and its source cannot be fetched: install postgresql-$version-pgvector 0.7 or newer and run this again"
  compile "$library/vector.so"
  cp "$work/source/vector.control" "$work/source"/sql/vector--*.sql "$share/extension/"
}

need_compiler() {
  command -v gcc >/dev/null && [[ -e /usr/include/stdio.h ]] && return
  can_be_root && apt_install gcc libc6-dev && return
  stop "A C compiler is missing: install it with 'apt-get install gcc libc6-dev' and run this again"
}

# The source comes from the mirror that the system's own package sources name.
fetch_source() {
  local site key=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016 # apt-get fills these in
  site=$(apt-get "${apt_options[@]}" indextargets --format '$(SITE)' 'Created-By: Packages' "Release: $(. /etc/os-release && printf '%s' "$VERSION_CODENAME")" | head -n 1)
  [[ -n $site && -f $key ]] || return 1
  mkdir -p "$work/source" "$work/none"
  printf 'deb-src [signed-by=%s] %s %s main\n' "$key" "$site" "$pgvector_release" >"$work/source.list"
  local source=(-q "${private_lists[@]}" -o "Dir::Etc::sourcelist=$work/source.list" -o "Dir::Etc::sourceparts=$work/none")
  source+=(-o "Dir::State::lists=$work/source-lists")
  mkdir -p "$work/source-lists/partial"
  apt-get "${source[@]}" update &&
    (cd "$work/source" && apt-get "${source[@]}" source --download-only pgvector &&
      tar xzf pgvector_*.orig.tar.gz --strip-components=1) &&
    apt_unpack "$work/headers" "postgresql-server-dev-$version"
}

compile() {
  local release headers=$work/headers/usr/include/postgresql
  release=$(sed -n 's/^EXTVERSION = //p' "$work/source/Makefile")
  cd "$work/source" || return
  printf '%s\0' src/*.c | xargs -0 -P "$(nproc)" -I{} gcc -O2 -fPIC -ftree-vectorize -fassociative-math -fno-signed-zeros \
    -fno-trapping-math -I"$headers/$version/server" -I"$headers/internal" -c {} -o {}.o
  gcc -shared -o "$1" src/*.o -lm
  cp sql/vector.sql "sql/vector--$release.sql"
}
