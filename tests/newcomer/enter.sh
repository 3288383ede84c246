# enter.sh ROOT COMMAND...: the command in a system of its own.
#
# Started by `unshare --mount --pid --fork --kill-child`: what is mounted here is seen by nobody
# outside, and is gone, as are all processes, when the command has ended or was killed. The root is
# changed with pivot_root, as inside a mere chroot the kernel lets no user make a namespace, which is
# what Blender is entered with.
set -eu
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"

# No disk of the machine, and none of its terminals.
mount -t tmpfs -o mode=755 devices "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 memory "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 terminals "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do
    ln -s "/proc/self/fd/${number%:*}" "$root/dev/${number#*:}"
done
for name in null zero full random urandom tty; do
    touch "$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
done

cd "$root"
pivot_root . .
umount -l .
cd /
exec "$@"
