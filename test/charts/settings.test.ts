import { integer, maxValue, number, picklist, pipe } from 'valibot';
import { describe, expect, test } from 'vitest';
import { secret, settings } from '../../charts/index.ts';

const CLUSTER = { name: 'us-east-1a', tier: 'production' } as const;

describe('settings', () => {
  test('give the value of the tier, or the one for all', () => {
    const rows = settings('shop/web', {
      LOG_LEVEL: { is: picklist(['debug', 'info']), development: 'debug', staging: 'info', production: 'info' },
      PORT: { is: number(), value: 8080 },
    });
    expect(rows(CLUSTER)).toEqual({ LOG_LEVEL: 'info', PORT: 8080 });
  });

  test('every wrong or missing one is named with service, cluster, setting and reason', () => {
    const rows = settings('shop/web', {
      LOG_LEVEL: {
        is: picklist(['debug', 'info']),
        development: 'debug',
        staging: 'info',
        production: 'verbose' as 'info',
      },
      PORT: { is: pipe(number(), integer(), maxValue(65535)), value: 70000 },
      SIZE: { is: number(), development: 1, staging: 2 } as never,
    });
    expect(() => rows(CLUSTER)).toThrow(
      /shop\/web in us-east-1a: setting LOG_LEVEL is "verbose"; .*debug.*\n.*PORT is 70000; .*65535.*\n.*SIZE is missing; give it a value/s,
    );
  });

  test('secrets pass through as references', () => {
    const key = secret('jwt/hs256');
    expect(settings('shop/web', { KEY: key })(CLUSTER)).toEqual({ KEY: key });
  });
});
