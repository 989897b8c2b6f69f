# shellcheck shell=bash
# Real packages or stand-ins? Asked once: the marker .standins holds the reason, artifacts/.full-feed the opposite answer.

decide_packages() {
  case ${UseStandIns:-} in
    true | false) export UseStandIns; return ;;
    '') unset UseStandIns ;;
    *) stop "UseStandIns is '$UseStandIns': it can be true or false" ;;
  esac
  local marker=$root/.standins full=$root/artifacts/.full-feed
  if [[ -f $marker && $(<"$marker") != engine ]]; then return; fi
  if [[ ! -f $marker && ! -f $full ]] && ! feed_is_full; then
    printf 'feed\n' >"$marker"
    say "The package feed lacks Aspire: using the stand-ins (delete .standins to ask again)"
  elif engine_runs; then
    [[ -f $full && ! -f $marker ]] || say "The package feed is complete and a container engine runs: using the real packages"
    touch "$full"
    rm -f "$marker"
  elif [[ ! -f $marker ]]; then
    printf 'engine\n' >"$marker"
    say "No container engine runs: using the stand-ins"
  fi
}

uses_stand_ins() {
  [[ ${UseStandIns:-} == true || (-z ${UseStandIns:-} && -f $root/.standins) ]]
}

aspire_version() {
  sed -n 's:.*<AspireVersion>\(.*\)</AspireVersion>.*:\1:p' "$root/Directory.Packages.props"
}

# Restores one Aspire package in a project of its own: NU1101 and NU1102 say that the feed does not have it.
feed_is_full() {
  local probe answer status=0
  probe=$(mktemp -d "$root/artifacts/probe.XXXXXX")
  cat >"$probe/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Aspire.Hosting.AppHost" Version="$(aspire_version)" />
  </ItemGroup>
</Project>
PROJECT
  answer=$(cd "$probe" && dotnet restore probe.csproj -v q -p:ImportDirectoryBuildProps=false \
    -p:ImportDirectoryBuildTargets=false -p:ImportDirectoryPackagesProps=false 2>&1 </dev/null) || status=$?
  rm -rf "$probe"
  case $status:$answer in
    0:*) return 0 ;;
    *NU1301*) stop "The package feed cannot be reached (NU1301): the first run needs a network" ;;
    *NU1101* | *NU1102*) return 1 ;;
    *) printf '%s\n' "$answer" | tail -n 5 >&2; stop "The package feed gave no usable answer" ;;
  esac
}

# A client without a daemon is no engine.
engine_runs() {
  timeout 10 docker info >/dev/null 2>&1 || timeout 10 podman info >/dev/null 2>&1
}
