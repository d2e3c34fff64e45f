import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { sign, verify } from '@octokit/webhooks-methods';
import { generateSecret, signWebhook, verifySignature, verifyWebhook } from '@toolwire/webhooks';
import { Webhook } from 'standardwebhooks';
import { compare } from '../measure.mjs';
import { printGoal, printTable } from '../report.mjs';

export const title = 'Webhooks verified in a second of CPU time, in one process; a body of bytes, one secret';

const secrets = generateSecret();

export async function run() {
  const small = await perSecond(1_000, { rounds: 60, count: 2_000 });
  const large = await perSecond(1_000_000, { rounds: 15, count: 10 });
  const { 'node:crypto': smallRaw, standardwebhooks: smallPeer } = small;
  const { 'node:crypto': largeRaw, standardwebhooks: largePeer } = large;
  printTable(
    ['', '1 KB', '× node:crypto', '1 MB', '× node:crypto'],
    Object.keys(small).map((name) => [name, small[name], small[name] / smallRaw, large[name], large[name] / largeRaw]),
  );
  const ours = 'Toolwire verifySignature';
  printGoal('1 KB', small[ours] / smallRaw, '× node:crypto', { atLeast: 0.8 });
  printGoal('1 MB', large[ours] / largeRaw, '× node:crypto', { atLeast: 0.8 });
  printGoal('1 KB', small[ours] / smallPeer, '× standardwebhooks', { atLeast: 4 });
  printGoal('1 MB', large[ours] / largePeer, '× standardwebhooks', { atLeast: 12 });
}

async function perSecond(bytes, { rounds, count }) {
  const subjects = await subjectsFor(
    Buffer.from(JSON.stringify({ event: 'tool_executed', result: 'x'.repeat(bytes) })),
  );
  const timed = Object.entries(subjects).map(([name, check]) => [name, () => rate(check, count)]);
  return compare(rounds, Object.fromEntries(timed));
}

/** Each verifies the same delivery, and throws when it does not. */
async function subjectsFor(body) {
  const signed = await signWebhook(body, { id: 'msg_2YnVkqzYzDsHcJ8TFhQ3oB7pW1x', secrets });
  const headers = { host: 'localhost', 'content-type': 'application/json', 'user-agent': 'bench', ...signed };
  const bare = bareVerify(headers);
  const webhook = new Webhook(secrets);
  const text = body.toString();
  const token = 'a secret of forty characters, for GitHub';
  const githubSignature = await sign(token, text);
  return {
    'node:crypto': () => bare(body),
    'node:crypto, then JSON.parse': () => bare(body) && JSON.parse(body.toString()),
    'Toolwire verifySignature': () => verifySignature(body, headers, { secrets }),
    'Toolwire verifyWebhook, to the event': () => verifyWebhook(body, headers, { secrets }),
    standardwebhooks: () => webhook.verify(body, headers),
    '@octokit/webhooks-methods, of a text': async () => {
      if (!(await verify(token, text, githubSignature))) throw new Error('Not verified');
    },
  };
}

/** The least that verifies: no check of headers, or of the time. The key is made once, which is fastest. */
function bareVerify(headers) {
  const key = createSecretKey(Buffer.from(secrets.slice('whsec_'.length), 'base64'));
  return (body) => {
    const prefix = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
    const mac = createHmac('sha256', key).update(prefix).update(body).digest();
    const signature = Buffer.from(headers['webhook-signature'].slice('v1,'.length), 'base64');
    if (!timingSafeEqual(mac, signature)) throw new Error('Not verified');
    return true;
  };
}

async function rate(check, count) {
  const startedAt = process.cpuUsage();
  for (let done = 0; done < count; done++) await check();
  const { user, system } = process.cpuUsage(startedAt);
  return (count / (user + system)) * 1e6;
}
