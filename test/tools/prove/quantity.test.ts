import { expect, test } from 'vitest';
import { quantity } from '../../../tools/prove/rules/quantity.ts';

// What kube-apiserver 1.35.4 answered for each as a container's request.
test.each([
  ['0.0', '0'],
  ['0Mi', '0'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['0.1', '100m'],
  ['.5', '500m'],
  ['2.0', '2'],
  ['100u', '1m'],
  ['0.1n', '1m'],
  ['1.0005', '1001m'],
  ['1000', '1k'],
  ['1024', '1024'],
  ['1000000', '1M'],
  ['1.5M', '1500k'],
  ['1e3', '1e3'],
  ['12e6', '12e6'],
  ['1024Ki', '1Mi'],
  ['1000Ki', '1000Ki'],
  ['1023Ki', '1023Ki'],
  ['1.5Gi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['0.5Ki', '512'],
  ['0.1Gi', '107374182400m'],
  ['1048576Ki', '1Gi'],
  ['1Ei', '1Ei'],
  ['1E', '1E'],
])('%s is %s to the API server', (text, canonical) => {
  expect(quantity(text).canonical).toBe(canonical);
});

test.each([
  ['250m', 0.25],
  ['512Mi', 512 * 1024 ** 2],
  ['1G', 1e9],
  ['1e3', 1000],
  ['-1', -1],
])('%s amounts to %d', (text, amount) => {
  expect(quantity(text).amount).toBe(amount);
});
