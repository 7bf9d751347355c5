import type { Image } from './programs.ts';

/** Something of this machine at a path of the container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/**
 * The shell text that builds a container's root and moves into it: /usr and /etc of this machine under a layer of the container's own,
 * everything else empty, as an image would have it; then the image's additions and the volumes. It runs in a mount namespace of its own,
 * as root, with the empty folder `layer` as its working folder.
 *
 * `/.host` is this machine until everything stands at its place: links then lead where they lead in the container.
 */
export function rootScript(image: Image, mounts: readonly Mount[], readOnly: boolean): string {
  return `
mount -t tmpfs -o mode=755 layer .
cd "$PWD"
mkdir root usr usr.work etc etc.work
mount --bind root root
for path in /bin /sbin /lib*; do [ -L "$path" ] && cp -P "$path" root; done
cd root
mkdir proc sys dev usr etc opt srv mnt home root run tmp var var/tmp var/lib var/log var/cache var/spool .host
ln -s ../run var/run
chmod 1777 tmp var/tmp
chmod 700 root
for path in usr etc; do mount -t overlay -o lowerdir=/$path,upperdir=../$path,workdir=../$path.work overlay $path; done
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755,size=64k dev dev
for device in null zero full random urandom tty; do : > dev/$device; mount --bind /dev/$device dev/$device; done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mkdir dev/shm
mount -t tmpfs -o mode=1777,size=64m shm dev/shm
pivot_root . .host
cd /
put() { # <path here> <path in the container> [ro]
  if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "$(dirname "$2")"; [ -e "$2" ] || : > "$2"; fi
  mount --bind "$1" "$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$2"; fi
}
${imageLines(image).join('\n')}
${mounts.map(({ source, target, readOnly: ro }) => `put ${quote(`/.host${source}`)} ${quote(target)} ${ro ? 'ro' : ''}`).join('\n')}
umount -l /.host
rmdir /.host
${readOnly ? 'for path in / /usr /etc; do mount -o remount,bind,ro $path; done' : ''}
`;
}

function imageLines({ files = {}, users = [] }: Image): string[] {
  const lines = Object.entries(files).map(([path, file]) => {
    const parent = `mkdir -p ${quote(path.replace(/\/[^/]*$/, '') || '/')}`;
    if ('link' in file) return `${parent}; ln -sfn ${quote(file.link)} ${quote(path)}`;
    if ('folder' in file) return `put ${quote(`/.host${file.folder}`)} ${quote(path)} ro`;
    return `${parent}; printf '#!/bin/sh\\n%s\\n' ${quote(file.script)} > ${quote(path)}; chmod 755 ${quote(path)}`;
  });
  const all = [{ name: 'root', id: 0, home: '/root' }, ...users, { name: 'nobody', id: 65534, home: '/nonexistent' }];
  const passwd = all.map(({ name, id, home }) => `${name}:x:${id}:${id}:${name}:${home}:/bin/sh`);
  const group = all.map(({ name, id }) => `${name}:x:${id}:`);
  return [
    ...lines,
    `printf '%s\\n' ${passwd.map(quote).join(' ')} > /etc/passwd`,
    `printf '%s\\n' ${group.map(quote).join(' ')} > /etc/group`,
  ];
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
