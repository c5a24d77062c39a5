// A provider of identities for the tests: the program oidc-provider, with the paths and
// claims of Estonia's TARA or as the standard has them. It listens on loopback only,
// and ends when its standard input does.
//
//   node identity-provider.mjs NODE_MODULES < settings
//
// The first line of the standard input is JSON: {profile, clients}. The program prints
// its address. Who signs in next, and how, is told to POST /test/next; POST /test/rotate
// gives it new keys, and POST /test/logout {client, sub} sends a logout token for the
// last session of the client.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { default: Provider } = await import(pathToFileURL(`${process.argv[2]}/oidc-provider/lib/index.js`).href);

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(0));
const settings = JSON.parse(await new Promise((resolve) => lines.once('line', resolve)));

const tara = settings.profile === 'tara';
let next = {};
let keys = 0;
const sids = {};

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys += 1;
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${keys}`, use: 'sig', alg: 'RS256' };
}

// person is whom the test lets in.
function person(id) {
  const claims = { sub: id, acr: next.acr, amr: next.amr, ...next.claims };
  if (tara) {
    claims.profile_attributes = { given_name: 'MARI-LIIS', family_name: 'MÄNNIK', date_of_birth: '1971-01-01' };
  }
  return { accountId: id, claims: () => claims };
}

function configuration() {
  return {
    clients: settings.clients,
    jwks: { keys: [newKey()] },
    cookies: { keys: ['only for tests'] },
    scopes: tara ? ['openid', 'idcard', 'mid', 'smartid', 'eidas', 'eidasonly', 'email', 'phone'] : ['openid', 'email', 'profile'],
    acrValues: ['low', 'substantial', 'high'],
    claims: { openid: ['sub', 'acr', 'amr', 'profile_attributes'], email: ['email', 'email_verified'], auth_time: null, sid: null, iss: null },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    routes: tara ? { authorization: '/oidc/authorize', token: '/oidc/token', jwks: '/oidc/jwks', userinfo: '/oidc/profile' } : {},
    fetch: (url, { dispatcher, ...options }) => fetch(url, options), // ours is at a loopback address, which it would not ask
    interactions: { url: (_, i) => `/interaction/${i.uid}` },
    ttl: { AuthorizationCode: 30, IdToken: 40, AccessToken: 40, Interaction: 600, Session: 1800, Grant: 1800 },
    findAccount: (_, id) => person(id),
  };
}

let provider;
function start(issuer) {
  provider = new Provider(issuer, configuration());
  provider.on('authorization.success', (ctx) => {
    sids[ctx.oidc.client.clientId] = ctx.oidc.session.sidFor(ctx.oidc.client.clientId);
  });
}

// interact is what a person would do: sign in and agree, or cancel.
async function interact(req, res) {
  const { params } = await provider.interactionDetails(req, res);
  if (next.error) {
    return provider.interactionFinished(req, res, { error: next.error, error_description: 'told by the test' });
  }
  const grant = new provider.Grant({ accountId: next.sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(req, res, {
    login: { accountId: next.sub, acr: next.acr, amr: next.amr, remember: false },
    consent: { grantId: await grant.save() },
  });
}

async function body(req) {
  let text = '';
  for await (const part of req) text += part;
  return text ? JSON.parse(text) : {};
}

async function answer(req, res) {
  if (req.url.startsWith('/interaction/')) return interact(req, res);
  if (!req.url.startsWith('/test/')) return provider.callback()(req, res);
  const told = await body(req);
  if (req.url === '/test/next') next = told;
  if (req.url === '/test/rotate') start(provider.issuer);
  if (req.url === '/test/logout') {
    const client = await provider.Client.find(told.client);
    await client.backchannelLogout(told.sub, sids[told.client]);
  }
  return res.end('done\n');
}

const server = createServer((req, res) => {
  answer(req, res).catch((err) => {
    res.statusCode = 500;
    res.end(`${err.stack}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  start(issuer);
  console.log(issuer);
});
