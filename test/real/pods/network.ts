import { execFileSync, spawnSync } from 'node:child_process';

/**
 * The network of one run: a switch in a namespace of its own, with a port for each pod and one for this machine. It lives as long as the
 * process that holds the namespace, and with it goes everything, our end of the cable too.
 *
 * Addresses of run n: pods 10.97.n.2 to .250, this machine .1, the switch .254; Services 10.98.n.0/24.
 */
export interface Network {
  /** This machine as pods see it. */
  readonly address: string;
  /** The switch: the pods' gateway and name server. */
  readonly gateway: string;
  readonly services: string;
  /** Gives a pod's namespace an interface. @param pid a process in it */
  connect(pid: number, port: string, address: string): void;
  /** Pulls a pod's cable, or plugs it in again. */
  setLink(port: string, state: 'up' | 'down'): void;
  /** A free address for a pod; the one that was freed last comes last. */
  takeAddress(): string;
  freeAddress(address: string): void;
  /** @param rules a file as `nft -f` reads it */
  setRules(rules: string): void;
}

/** @param holder a process in the namespace of the switch */
export function createNetwork(holder: number): Network {
  const run = plugIn(holder);
  const prefix = `10.97.${run}`;
  const gateway = `${prefix}.254`;
  const services = `10.98.${run}.0/24`;
  const free = Array.from({ length: 249 }, (_, i) => `${prefix}.${i + 2}`);

  ip('addr', 'add', `${prefix}.1/24`, 'dev', deviceOf(run));
  ip('link', 'set', deviceOf(run), 'up');
  ip('route', 'add', services, 'via', gateway);
  within(
    holder,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
     # else the kernel translates on the bridge and a pod that reaches itself through a Service gets no answer
     if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then sysctl -qw net.bridge.bridge-nf-call-iptables=0; fi
     ip link set lo up
     # An address of its own: else it takes one of a pod's, another whenever a pod comes or goes, and the others talk to nobody for a while
     ip link add switch address 02:00:00:00:00:fe type bridge
     ip addr add ${gateway}/24 dev switch
     ip link set switch up
     ip link set machine master switch up
     ip route add ${services} dev switch`,
  );
  return {
    address: `${prefix}.1`,
    gateway,
    services,
    connect(pid, port, address) {
      within(
        holder,
        `ip link add ${port} type veth peer name eth0 netns ${pid}
         ip link set ${port} master switch up`,
      );
      within(
        pid,
        `sysctl -qw net.ipv4.ip_unprivileged_port_start=0
         ip link set lo up
         ip addr add ${address}/24 dev eth0
         ip link set eth0 up
         ip route add default via ${gateway}`,
      );
    },
    setLink: (port, state) => within(holder, `ip link set ${port} ${state}`),
    takeAddress() {
      const address = free.shift();
      if (address === undefined) throw new Error(`${prefix}.0/24 has no address left; stop some pods first`);
      return address;
    },
    freeAddress: address => void free.push(address),
    setRules: rules =>
      void execFileSync('nsenter', ['--target', String(holder), '--net', 'nft', '-f', '-'], { input: rules }),
  };
}

/** The first number that no other run has taken: the kernel refuses a second device of one name. */
function plugIn(holder: number): number {
  for (let run = 0; run < 250; run++) {
    const args = ['link', 'add', deviceOf(run), 'type', 'veth', 'peer', 'name', 'machine', 'netns', String(holder)];
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
    if (status === 0) return run;
    if (!stderr.includes('File exists')) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
  }
  throw new Error('250 runs of pods on one machine; end some of them');
}

const deviceOf = (run: number) => `drydock${run}`;

function ip(...args: string[]): void {
  execFileSync('ip', args);
}

function within(pid: number, script: string): void {
  execFileSync('nsenter', ['--target', String(pid), '--net', 'sh', '-ec', script]);
}
