import type { Rendered } from '../../render/manifest.ts';
import type { Problem } from '../rule.ts';

/** A fault and the object that has it. */
export type Fault = Problem & { readonly object: Rendered };

/** What an author does about a policy that opens more than was wired, or less. */
export const WIRE = 'wire it by reference, e.g. env: { MENU_URL: menu.url }, or remove it from the policy';
export const DECLARE =
  'declare an ExternalService with its hosts and wire it by reference, or remove it from the policy';
export const NOT_PUBLIC =
  'except what is not public (10.0.0.0/8 and its like), or declare the addresses of the ExternalService';
export const UNPATCH =
  'let wiring alone write the policy (env: { MENU_URL: menu.url } opens both sides) and remove what changes it';
