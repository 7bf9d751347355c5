/** A container that no law objects to. */
export function container(name: string, more: object): object {
  return {
    name,
    image: `ghcr.io/shop/${name}:1.4.2`,
    imagePullPolicy: 'Always',
    resources: {
      limits: { cpu: '1', 'ephemeral-storage': '256Mi', memory: '256Mi' },
      requests: { cpu: '100m', 'ephemeral-storage': '64Mi', memory: '256Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    ...more,
  };
}

/** A spread over zones that leaves pods where there is one zone only. */
const spread = (name: string) => ({
  labelSelector: { matchLabels: { 'app.kubernetes.io/instance': name } },
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'ScheduleAnyway',
});

/** A pod that no law objects to, around one container. */
export function podTemplate(name: string, labels: object, main: object, pod: object): object {
  return {
    metadata: { labels },
    spec: {
      automountServiceAccountToken: false,
      containers: [main],
      priorityClassName: 'standard',
      securityContext: {
        fsGroup: 10001,
        runAsGroup: 10001,
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      serviceAccountName: name,
      terminationGracePeriodSeconds: 30,
      topologySpreadConstraints: [spread(name)],
      ...pod,
    },
  };
}
