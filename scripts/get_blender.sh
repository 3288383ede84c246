#!/bin/bash
# A real Blender on a bare Debian-like machine, without changing the machine's own packages.
#
#   scripts/get_blender.sh [trixie|sid]     Blender of that Debian suite (4.3, the default, or 5.2 LTS)
#   scripts/get_blender.sh --any            the first of: $BLENDER, a blender >= 4.2 on PATH, the
#                                           one of trixie, Blender as a Python module
#   scripts/get_blender.sh --window-tools   what window tests need: a virtual display, mouse and
#                                           keyboard robot, screenshots, text recognition
#   scripts/get_blender.sh --module-libraries   what Blender as a Python module links to
#   scripts/get_blender.sh --slicer         PrusaSlicer, which tests give what was made for printers
#   scripts/get_blender.sh --node           what fetches and starts the glTF validator
#   scripts/get_blender.sh --debian FILE    no Blender, but the least of Debian 12, as a tar archive: the
#                                           machine that README.md's commands are tried on
#
# The last line of standard output is the path of the executable. With --any it can be a Python that
# has the bpy module; its name is then `python`, and scripts are run as `python SCRIPT -- ARGUMENTS`
# where a Blender takes `blender -b --python SCRIPT -- ARGUMENTS`.
#
# The packages are unpacked, not installed, into $STUDIO3D_BLENDERS (default: the user's cache) and
# entered with bubblewrap; the host's own folders keep their paths inside. bin/ holds what starts them.
set -euo pipefail

readonly project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Debian gives its users no folder of system programs, and ldconfig is in one.
PATH=$PATH:/usr/sbin:/sbin
readonly base=${STUDIO3D_BLENDERS:-${XDG_CACHE_HOME:-$HOME/.cache}/studio3d-blender}

say() { printf '%s\n' "$*" >&2; }

# install PACKAGE...: from the machine's own package source.
install() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Please install: $*"
        return 1
    fi
    say "Installing $*"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# need_commands COMMAND=PACKAGE...: install the packages whose command is missing.
need_commands() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    install "${missing[@]}"
}

# need_libraries LIBRARY=PACKAGE...: install the packages whose library is missing.
need_libraries() {
    local pair known missing=()
    known=$(ldconfig -p)
    for pair in "$@"; do
        [[ $known == *"${pair%%=*} "* ]] || missing+=("${pair#*=}")
    done
    install "${missing[@]}"
}

# The mirror this machine is configured to use.
mirror() {
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1
}

# supported BLENDER: it starts and is 4.2 or newer.
supported() {
    "$1" --background --version 2>/dev/null |
        awk '/^Blender [0-9]/ { split($2, v, "."); exit !(v[1] > 4 || (v[1] == 4 && v[2] >= 2)) }'
}

# unpack SUITE ROOT PACKAGES
unpack() {
    local suite=$1 root=$2 packages=$3 mode=chrootless folder
    # Nothing is run inside, and all of it is to belong to who runs this. Left to choose, mmdebstrap
    # gives the files to other user ids, or gives up where it finds none.
    [ "$(id -u)" != 0 ] || mode=root
    rm -rf "$root"
    # Check-Valid-Until: a machine's clock may be ahead of the suite's last release file.
    mmdebstrap --quiet --mode="$mode" --variant=extract --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Languages "none"' \
        "$suite" "$root" "$(mirror)" >&2

    # What the packages' maintainer scripts would have done.
    for folder in bin sbin lib lib64; do
        [ -e "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"
    done
    [ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
    (cd "$root" && shopt -s nullglob &&
        printf '/%s\n' usr/lib/*/blas usr/lib/*/lapack) >"$root/etc/ld.so.conf.d/00-blas.conf"
    ldconfig -r "$root"
    ln -sf /proc/self/mounts "$root/etc/mtab"
    for folder in /*/; do                # mount points for the host's folders
        mkdir -p "$root$folder"
    done
    # bind targets; Blender 4.3 crashes when its user is unknown
    touch "$root"/etc/{passwd,group,hosts,machine-id,resolv.conf}
    mkdir -p "$root/etc/ssl"
    rm -rf "$root"/usr/share/{doc,man,help} "$root"/var/cache/apt
}

# unpack_blender SUITE ROOT
unpack_blender() {
    local packages
    # Beside Blender itself: what its windows load at run time (GL, EGL), and the Python modules
    # Blender's own add-ons import.
    packages=blender,libc-bin,dash,coreutils,ca-certificates
    packages+=,libgl1,libopengl0,libglx-mesa0,libgl1-mesa-dri,libegl1,libegl-mesa0
    packages+=,python3,python3-numpy,python3-requests,python3-zstandard,python3-cattr
    unpack "$1" "$2" "$packages"
    # Blender's own languages stay: without them it offers none, and no add-on can be translated.
    find "$2/usr/share/locale" -type f ! -name blender.mo ! -name languages -delete
}

# unpack_slicer SUITE ROOT
unpack_slicer() {
    unpack "$1" "$2" prusa-slicer,libc-bin,dash,coreutils
    # It draws no window here.
    rm -rf "$2"/usr/share/{locale,fonts,icons,opencascade} "$2"/usr/lib/*/{dri,gstreamer-1.0} \
        "$2"/usr/lib/*/{libLLVM,libgallium}*
}

# debian FILE: what debootstrap calls minbase, and sudo, as whoever owns a machine has it.
debian() {
    need_commands mmdebstrap=mmdebstrap unshare=util-linux
    mkdir -p "$(dirname "$1")"
    # How the package source is reached from here, as by a proxy, it is reached from inside.
    apt-config dump | grep -E '^Acquire::(https?|ftp|Check|Retries)' >"$1.apt" || true
    mmdebstrap --quiet --variant=minbase --include=sudo --format=tar --aptopt="$1.apt" \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Languages "none"' \
        bookworm "$1.part" "$(mirror)" >&2
    rm "$1.apt"
    mv "$1.part" "$1"
    echo "$1"
}

# complete ROOT: whole, and with the languages that older versions of this script left out.
complete() { [ -e "$1/.complete" ] && [ -e "$1/usr/share/locale/languages" ]; }

# write_launcher ROOT FILE PROGRAM
write_launcher() {
    cat >"$2" <<LAUNCHER
#!/bin/bash
root=$1
program=$3
LAUNCHER
    cat >>"$2" <<'LAUNCHER'
inside=(--bind "$root" / --proc /proc --dev-bind /dev /dev)
for path in /*; do
    case $path in
        /bin | /sbin | /lib* | /usr | /etc | /var | /boot | /proc | /dev) ;;
        *) [ -d "$path" ] && inside+=(--bind "$path" "$path") ;;
    esac
done
# Wherever the user works, even under a folder of the system.
for path in "$HOME" "$PWD" "${TMPDIR:-/tmp}"; do
    [ -d "$path" ] && inside+=(--bind "$path" "$path")
done
for path in /etc/{passwd,group,hosts,machine-id,resolv.conf,ssl}; do
    [ -e "$path" ] && inside+=(--ro-bind "$(readlink -f "$path")" "$path")
done
# Blender ignores this folder, and writes to the user's own, unless it exists.
[ -z "${BLENDER_USER_RESOURCES:-}" ] || mkdir -p "$BLENDER_USER_RESOURCES"/{config,extensions,scripts}
unset PYTHONHOME PYTHONPATH LD_LIBRARY_PATH
export LIBGL_ALWAYS_SOFTWARE=${LIBGL_ALWAYS_SOFTWARE:-1} PATH=/usr/bin:/bin
exec bwrap "${inside[@]}" --die-with-parent --chdir "$PWD" "$program" "$@"
LAUNCHER
    chmod +x "$2"
}

# launch ROOT FILE PROGRAM: the launcher, whole at once: another process may be starting it.
launch() {
    write_launcher "$1" "$2.$$" "$3"
    mv "$2.$$" "$2"
}

# slicer: prints the executable of PrusaSlicer.
slicer() {
    local suite=trixie root=$base/slicer launcher=$base/bin/prusa-slicer
    if [ ! -e "$root/.complete" ]; then
        need_commands mmdebstrap=mmdebstrap bwrap=bubblewrap
        mkdir -p "$base/bin"
        (
            flock 9
            [ ! -e "$root/.complete" ] || exit 0
            say "Unpacking PrusaSlicer of Debian $suite into $root (about a minute)"
            unpack_slicer "$suite" "$root"
            touch "$root/.complete"
        ) 9>"$base/.lock-slicer"
    fi
    launch "$root" "$launcher" /usr/bin/prusa-slicer
    if ! "$launcher" --help >/dev/null; then
        say "PrusaSlicer of Debian $suite does not start here"
        return 1
    fi
    echo "$launcher"
}

# from_suite SUITE: prints the executable.
from_suite() {
    local suite=$1 root=$base/$1 launcher=$base/bin/blender-$1
    if ! complete "$root"; then
        need_commands mmdebstrap=mmdebstrap bwrap=bubblewrap
        mkdir -p "$base/bin"
        (
            flock 9                      # another run may be at it
            ! complete "$root" || exit 0
            say "Unpacking Blender of Debian $suite into $root (about a minute)"
            unpack_blender "$suite" "$root"
            touch "$root/.complete"
        ) 9>"$base/.lock"
    fi
    launch "$root" "$launcher" /usr/bin/blender
    if ! supported "$launcher"; then
        say "Blender of Debian $suite does not start here"
        return 1
    fi
    echo "$launcher"
}

# Blender as a Python module, in the environment the tests use too.
from_wheel() {
    say "No Blender binary can be had here; taking the Python module"
    make -s -C "$project" build/venvs/bpy-4.5/.complete >&2
    echo "$project/build/venvs/bpy-4.5/bin/python"
}

any() {
    local found
    for found in "${BLENDER:-}" "$(command -v blender || true)"; do
        if [ -n "$found" ] && supported "$found"; then
            echo "$found"
            return
        fi
    done
    # A process of its own: `set -e` is off inside a condition.
    if found=$("${BASH_SOURCE[0]}" trixie); then
        echo "$found"
    else
        from_wheel
    fi
}

case ${1:-trixie} in
    trixie | sid) from_suite "${1:-trixie}" ;;
    --any) any ;;
    --slicer) slicer ;;
    --window-tools)
        need_commands Xvfb=xvfb xdotool=xdotool tesseract=tesseract-ocr
        ;;
    --node) need_commands npm=npm ;;
    --debian) debian "${2:?the archive to write}" ;;
    --module-libraries)
        need_libraries libX11.so.6=libx11-6 libXrender.so.1=libxrender1 libXfixes.so.3=libxfixes3 \
            libXi.so.6=libxi6 libXxf86vm.so.1=libxxf86vm1 libxkbcommon.so.0=libxkbcommon0 \
            libSM.so.6=libsm6 libGL.so.1=libgl1 libEGL.so.1=libegl1 libgomp.so.1=libgomp1
        ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
        exit 2
        ;;
esac
