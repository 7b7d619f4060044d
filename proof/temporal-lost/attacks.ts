import type { Attack } from './attack.js';
import { lineAttack } from './cut.js';
import { addNamespace } from './house.js';

/** Every attack of this part, each in a namespace of its own on the Temporal server at `temporalAddress`. */
export function attacksOn(temporalAddress: string): Attack[] {
  const namespaceOf =
    (namespace: string) => async (): Promise<{ temporalAddress: string; namespace: string }> => {
      await addNamespace(temporalAddress, namespace);
      return { temporalAddress, namespace };
    };
  return [
    lineAttack('temporal', 'cut', namespaceOf('temporal-cut')),
    lineAttack('temporal', 'silence', namespaceOf('temporal-silence')),
    lineAttack('cb', 'cut', namespaceOf('cb-cut')),
    lineAttack('cb', 'silence', namespaceOf('cb-silence')),
  ];
}
