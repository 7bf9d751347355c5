import { Duration } from 'cdk8s';

/** What cert-manager is told of every certificate: ninety days, renewed in the last thirty, as Let's Encrypt does. */
export const DURATION = Duration.days(90);
export const RENEW_BEFORE = Duration.days(30);
