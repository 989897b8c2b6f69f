# shellcheck shell=bash

# build_once NAME PROJECT [FOLDER...]: builds the project, which needs nothing in the folders; skips the build when neither what it reads nor what it wrote has changed since.
build_once() {
  local project=$2 stamp=$root/artifacts/.built-$1 before
  shift 2
  before=$(sources "$@")
  if [[ -f $stamp && $(<"$stamp") == "$before$(outputs "$@")" ]]; then return; fi
  rm -f "$stamp"
  say "Building $project"
  build "$project" || return 1
  printf '%s' "$before$(outputs "$@")" >"$stamp"
}

# Says nothing when it succeeds, and each error once when it does not.
build() {
  local said
  said=$(cd "$root" && dotnet build "$1" -c Debug -v q --nologo -tl:off 2>&1 </dev/null) && return
  [[ $said != *NU1301* ]] || stop "The package feed cannot be reached (NU1301): the first build needs a network"
  printf '%s\n' "$said" | grep -E ': error ' | sort -u >&2 || printf '%s\n' "$said" >&2
  return 1
}

# Names, times and sizes of all files that a build may read.
sources() {
  local folder ignored=(-name artifacts -o -name .git -o -name node_modules -o -name bin -o -name obj -o -path ./docs -o -path ./eng -o -path ./.ci)
  for folder in "$@"; do
    ignored+=(-o -path "./$folder")
  done
  {
    printf '%s %s\n' "$sdk_version" "${UseStandIns:-}"
    (cd "$root" && find . \( "${ignored[@]}" \) -prune -o -type f -printf '%p %T@ %s\n' | sort)
  } | sha256sum
}

# A clean, or a build that broke off, shows in the libraries of our own projects.
outputs() {
  local folder others=()
  for folder in "$@"; do
    others+=(! -path "*/$folder/*")
    [[ $folder != tests ]] || others+=(! -path '*.Tests/*')
  done
  (cd "$root" && find artifacts/bin -path '*/debug/*.dll' "${others[@]}" -printf '%p %T@\n' 2>/dev/null | sort) | sha256sum
}
