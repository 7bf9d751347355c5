import { integer, maxValue, number, optional, picklist, pipe, regex, string, url } from 'valibot';
import { describe, expect, test } from 'vitest';
import { secret, settings } from '../../charts/index.ts';
import { SITE } from './fixture.ts';

const PRODUCTION = { ...SITE, name: 'us-east-1a', tier: 'production' } as const;

describe('settings', () => {
  test('give the value of the tier, or the one for all', () => {
    const rows = settings('shop/web', {
      LOG_LEVEL: { is: picklist(['debug', 'info']), development: 'debug', staging: 'info', production: 'info' },
      PORT: { is: number(), value: 8080 },
    });
    expect(rows(PRODUCTION)).toEqual({ LOG_LEVEL: 'info', PORT: 8080 });
  });

  test('a value may follow from the site, for all tiers or in one', () => {
    const rows = settings('shop/web', {
      API_URL: { is: pipe(string(), url()), value: site => `https://api.${site.domain}` },
      REGION: { is: string(), development: 'local', staging: site => site.region, production: site => site.region },
    });
    expect(rows({ ...SITE, domain: 'example.net' })).toEqual({
      API_URL: 'https://api.example.net',
      REGION: 'eu-north-1',
    });
    expect(rows({ ...SITE, tier: 'development' })).toMatchObject({ REGION: 'local' });
  });

  test('what follows from the site is checked as well', () => {
    const rows = settings('shop/web', { HOST: { is: pipe(string(), regex(/^[a-z.]+$/)), value: site => site.name } });
    expect(() => rows(PRODUCTION)).toThrow(/^shop\/web: setting HOST is "us-east-1a"; /);
  });

  test('every wrong or missing one is named with service, setting and reason', () => {
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
    expect(() => rows(PRODUCTION)).toThrow(
      /shop\/web: setting LOG_LEVEL is "verbose"; .*debug.*\n.*PORT is 70000; .*65535.*\n.*SIZE is missing; give it a value/s,
    );
  });

  test('a tier may leave out what is optional, and must say so', () => {
    const dsn = { is: optional(string()), development: undefined, staging: 'https://a', production: 'https://b' };
    const rows = settings('shop/web', { DSN: dsn });
    expect(rows({ ...SITE, tier: 'development' })).toEqual({});
    expect(rows(PRODUCTION)).toEqual({ DSN: 'https://b' });
    const { production: _, ...forgotten } = dsn;
    expect(() => settings('shop/web', { DSN: forgotten as never })(PRODUCTION)).toThrow('setting DSN is missing');
  });

  test('a function that throws is named with its setting', () => {
    const rows = settings('shop/web', { HOST: { is: string(), value: site => site.cdn!.zone } });
    expect(() => rows(PRODUCTION)).toThrow(/^shop\/web: setting HOST threw Cannot read .*; mend its function$/);
  });

  test('a value for all tiers beside one for a tier is refused: one of them would be lost', () => {
    const rows = settings('shop/web', { LOG: { is: string(), value: 'info', production: 'debug' } as never });
    expect(() => rows(PRODUCTION)).toThrow('setting LOG has a value for all tiers and one for production; keep one');
  });

  test('secrets pass through as references', () => {
    const key = secret('jwt/hs256');
    expect(settings('shop/web', { KEY: key })(PRODUCTION)).toEqual({ KEY: key });
  });

  test('a value that its schema refuses does not compile', () => {
    // @ts-expect-error it is no level
    settings('shop/web', { LOG_LEVEL: { is: picklist(['debug', 'info']), value: 'verbose' } });
    // @ts-expect-error it makes text
    settings('shop/web', { PORT: { is: number(), value: site => site.name } });
    // @ts-expect-error production is forgotten
    settings('shop/web', { SIZE: { is: number(), development: 1, staging: 2 } });
  });

  test('carry their service and their rows', () => {
    const rows = { PORT: { is: number(), value: 8080 } };
    const { service, rows: carried } = settings('shop/web', rows);
    expect({ service, carried }).toEqual({ service: 'shop/web', carried: rows });
  });
});
