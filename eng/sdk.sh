# shellcheck shell=bash

need_sdk() {
  local folder
  if ! command -v dotnet >/dev/null; then
    for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
      [[ -n $folder && -x $folder/dotnet ]] && PATH=$folder:$PATH && break
    done
  fi
  sdk_version=$(cd "$root" && dotnet --version 2>/dev/null) ||
    stop "The .NET SDK 10 is missing (global.json asks for 10.0.100 or a newer 10.0): install it from https://dot.net/download and run this again"
}
