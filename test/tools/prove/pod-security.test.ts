import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'the network of the node',
    it => {
      apiPod(it).hostNetwork = true;
    },
    ['pod-security: Deployment.api: spec.template.spec.hostNetwork is true; leave it out: a pod has its own'],
  ],
  [
    'a path of the node',
    it => {
      apiPod(it).volumes.push({ name: 'docker', hostPath: { path: '/var/run/docker.sock' } });
    },
    [
      'pod-security: Deployment.api: spec.template.spec.volumes[1] is a hostPath; use one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret',
    ],
  ],
  [
    'a kernel setting of the node',
    it => {
      apiPod(it).securityContext.sysctls = [{ name: 'kernel.msgmax', value: '1' }];
    },
    [
      'pod-security: Deployment.api: spec.template.spec.securityContext.sysctls[0] sets kernel.msgmax; leave it out: it reaches beyond the pod',
    ],
  ],
  [
    'a container without AppArmor',
    it => {
      it['Deployment api'].spec.template.metadata.annotations = {
        'container.apparmor.security.beta.kubernetes.io/api': 'unconfined',
      };
    },
    [
      'pod-security: Deployment.api: spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/api"] is "unconfined"; write appArmorProfile: { type: RuntimeDefault } instead',
    ],
  ],
  [
    'no seccomp profile at all',
    it => {
      delete apiPod(it).securityContext.seccompProfile;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.seccompProfile is not given, nor the pod’s; write type: RuntimeDefault',
    ],
  ],
  [
    'an unconfined seccomp profile',
    it => {
      api(it).securityContext.seccompProfile = { type: 'Unconfined' };
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.seccompProfile.type is Unconfined; write RuntimeDefault',
    ],
  ],
  [
    'an unconfined AppArmor profile',
    it => {
      apiPod(it).securityContext.appArmorProfile = { type: 'Unconfined' };
    },
    [
      'pod-security: Deployment.api: spec.template.spec.securityContext.appArmorProfile.type is Unconfined; write RuntimeDefault',
    ],
  ],
  [
    'an SELinux type of one’s own',
    it => {
      apiPod(it).securityContext.seLinuxOptions = { type: 'spc_t' };
    },
    [
      'pod-security: Deployment.api: spec.template.spec.securityContext.seLinuxOptions leaves the container types; leave it out',
    ],
  ],
  [
    'a process of the Windows host',
    it => {
      api(it).securityContext.windowsOptions = { hostProcess: true };
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.windowsOptions.hostProcess is true; leave it out',
    ],
  ],
  [
    'a privileged container',
    it => {
      api(it).securityContext.privileged = true;
    },
    ['pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.privileged is true; write false'],
  ],
  [
    'privileges that may grow',
    it => {
      delete api(it).securityContext.allowPrivilegeEscalation;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation is not given; write false',
    ],
  ],
  [
    'capabilities that stay',
    it => {
      delete api(it).securityContext.capabilities;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.capabilities.drop has no ALL; write drop: [ALL]',
    ],
  ],
  [
    'a capability that comes back',
    it => {
      api(it).securityContext.capabilities.add = ['NET_BIND_SERVICE', 'NET_ADMIN'];
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.capabilities.add holds NET_ADMIN; leave it out',
    ],
  ],
  [
    'a pod that may run as root',
    it => {
      delete apiPod(it).securityContext.runAsNonRoot;
      delete api(it).securityContext.runAsNonRoot;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.runAsNonRoot is not given, nor the pod’s; write true',
    ],
  ],
  [
    'a pod that contradicts its containers',
    it => {
      apiPod(it).securityContext.runAsNonRoot = false;
    },
    ['pod-security: Deployment.api: spec.template.spec.securityContext.runAsNonRoot is false; write true'],
  ],
  [
    'a container that contradicts its pod',
    it => {
      api(it).securityContext.runAsNonRoot = false;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.runAsNonRoot is false; write true',
    ],
  ],
  [
    'an unmasked /proc',
    it => {
      api(it).securityContext.procMount = 'Unmasked';
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.procMount is Unmasked; leave it out',
    ],
  ],
  [
    'a port of the node',
    it => {
      api(it).ports[0].hostPort = 8000;
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].ports[0].hostPort is 8000; leave it out; a Service reaches the pod',
    ],
  ],
  [
    'a probe that asks another host',
    it => {
      api(it).livenessProbe.httpGet.host = '169.254.169.254';
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].livenessProbe names a host; leave it out: a probe asks its own pod',
    ],
  ],
  [
    'a hook that calls another host',
    it => {
      api(it).lifecycle.preStop = { httpGet: { host: 'metadata', port: 80 } };
    },
    ['pod-security: Deployment.api: spec.template.spec.containers[0].lifecycle.preStop names a host; leave it out'],
  ],
  [
    'an init container counts too',
    it => {
      const { name, image, imagePullPolicy, resources, securityContext } = api(it);
      apiPod(it).initContainers = [
        {
          name: `${name}-init`,
          image,
          imagePullPolicy,
          resources,
          securityContext: { ...securityContext, privileged: true },
        },
      ];
    },
    [
      'pod-security: Deployment.api: spec.template.spec.initContainers[0].securityContext.privileged is true; write false',
    ],
  ],
  [
    'an SELinux user of one’s own',
    it => {
      api(it).securityContext.seLinuxOptions = { user: 'system_u' };
    },
    [
      'pod-security: Deployment.api: spec.template.spec.containers[0].securityContext.seLinuxOptions leaves the container types; leave it out',
    ],
  ],
  [
    'an ephemeral container counts too',
    it => {
      const { image, imagePullPolicy, securityContext } = api(it);
      apiPod(it).ephemeralContainers = [
        { name: 'debug', image, imagePullPolicy, securityContext: { ...securityContext, privileged: true } },
      ];
    },
    [
      'pod-security: Deployment.api: spec.template.spec.ephemeralContainers[0].securityContext.privileged is true; write false',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
