import { checkRequest, DEFAULT_POLICY } from '../../contract/index.js';
import type { Output } from '../output.js';
import { explain as explainPolicy } from '../policy/explain.js';
import { policyDigestOf, policyOf } from '../policy-file.js';
import { type RequestFlags, requestOf } from '../request.js';
import { explanationText } from '../text/explain.js';

export type ExplainFlags = RequestFlags;

/** `cb-playbook policy check FILE`: 0, or 2 with every mistake and its line. */
export async function checkPolicyFile(file: string, output: Output): Promise<number> {
  const { policy, digest } = await policyOf(file);
  output.answer(
    { ok: true, file, digest, policy },
    `${file} is a policy without mistakes.\n  digest  ${digest}`,
  );
  return 0;
}

/** `cb-playbook policy explain`: what would come of a containment. Nothing is started, nobody is asked. */
export async function explain(flags: ExplainFlags, output: Output): Promise<number> {
  const { policy: file, ...asked } = flags;
  const rails =
    file === undefined
      ? { policy: DEFAULT_POLICY, name: 'built-in', digest: await policyDigestOf(DEFAULT_POLICY) }
      : { ...(await policyOf(file)), name: file };
  const checked = checkRequest(requestOf(asked));
  // `requestOf` has thrown already where it is wrong.
  if (!checked.ok) return 2;
  const explanation = explainPolicy(rails, checked.request);
  output.answer(explanation, explanationText(explanation));
  return 0;
}
