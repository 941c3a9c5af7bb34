// MDN's HTTP Observatory on the home page and the report form, behind TLS: at least 130. Its package is installed into .cache/ by the
// first run, without its scripts (they download lists from the network), so that nobody else carries its two hundred packages.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { freePort } from '../../supabase/embedded/free-port.ts'
import { startPortal } from '../portal.ts'
import { report } from './station.ts'

const goal = 130
const root = join(import.meta.dirname, '../..')
const home = join(root, '.cache/observatory')
const scanner = join(home, 'node_modules/@mdn/mdn-http-observatory')
const result = z.object({ score: z.number(), grade: z.string(), tests: z.record(z.string(), z.object({ pass: z.boolean(), scoreModifier: z.number(), result: z.string() })) })

const folder = mkdtempSync(join(tmpdir(), 'linli-observatory-'))
if (process.argv[2] === 'scan') await scan()
else await measure()

/** A proxy that ends TLS with a certificate of our own authority, as an operator's nginx would, and sends http on to https. */
async function measure() {
  install()
  const { certificate, key, authority } = makeCertificate()
  const httpsPort = await freePort()
  const portal = await startPortal({ env: { LINLI_LOG_LEVEL: 'warn', TRUST_PROXY: '1', PUBLIC_URL: `https://localhost:${httpsPort}` } })
  const secure = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const onward = request(portal.url + (incoming.url ?? '/'), { method: incoming.method ?? 'GET', headers: { ...incoming.headers, 'x-forwarded-for': '198.51.100.1' } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  const plain = createHttpServer((incoming, outgoing) => outgoing.writeHead(301, { location: `https://localhost:${httpsPort}${incoming.url}` }).end())
  await Promise.all([new Promise<void>(resolve => secure.listen(httpsPort, resolve)), new Promise<void>(resolve => plain.listen(0, resolve))])
  const httpPort = (plain.address() as AddressInfo).port
  try {
    const table: Record<string, Record<string, number | string>> = {}
    for (const path of ['/zh', '/en/reports/new', '/zh/desk/sign-in']) {
      // Trust is set up when Node starts: the scan is a process of its own.
      const child = await run([import.meta.filename, 'scan', path, String(httpPort), String(httpsPort)], { ...process.env, NODE_EXTRA_CA_CERTS: authority })
      const { score, grade, tests } = result.parse(JSON.parse(child))
      table[path] = { score, grade, lost: Object.entries(tests).filter(([, test]) => !test.pass || test.scoreModifier < 0).map(([name, test]) => `${name}: ${test.result}`).join(', ') }
    }
    console.table(table)
    report('observatory', { goal, table })
    process.exitCode = Object.values(table).every(({ score }) => Number(score) >= goal) ? 0 : 1
  }
  finally {
    secure.close().closeAllConnections()
    plain.close().closeAllConnections()
    await portal.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In the child: the package's own retriever and tests. Its command line knows no ports, so its parts are called. */
async function scan() {
  const [, , , path = '/', httpPort, httpsPort] = process.argv
  const load = (file: string): Promise<Record<string, never>> => import(pathToFileURL(join(scanner, 'src', file)).href)
  const [{ retrieve }, { ALL_TESTS: tests }, grader] = await Promise.all([load('retriever/retriever.js'), load('constants.js'), load('grader/grader.js')]) as unknown as [
    { retrieve: (host: string, options: object) => Promise<unknown> }, { ALL_TESTS: ((facts: unknown) => { name: string, result: string, pass: boolean })[] },
    { getScoreModifier: (result: string) => number, getGradeForScore: (score: number) => { grade: string, score: number } },
  ]
  const facts = await retrieve('localhost', { httpPort: Number(httpPort), httpsPort: Number(httpsPort), path })
  const outcomes = tests.map(test => test(facts)).map(({ name, result, pass }) => ({ name, result, pass, scoreModifier: grader.getScoreModifier(result) }))
  const lost = outcomes.reduce((sum, { scoreModifier }) => sum + Math.min(0, scoreModifier), 100)
  // Extra credit counts from 90 on (grader/charts.js).
  const score = lost >= 90 ? outcomes.reduce((sum, { scoreModifier }) => sum + scoreModifier, 100) : lost
  process.stdout.write(JSON.stringify({ ...grader.getGradeForScore(score), score, tests: Object.fromEntries(outcomes.map(({ name, ...rest }) => [name, rest])) }))
  process.exit(0)
}

function install() {
  if (existsSync(join(scanner, 'conf/hsts-preload.json'))) return
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '-E', '@mdn/mdn-http-observatory@1.4.8'], { cwd: home, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the Observatory could not be installed: ${stderr}`)
  writeFileSync(join(scanner, 'conf/hsts-preload.json'), '{}\n')
}

function makeCertificate() {
  const [authority, key, certificate] = ['ca.pem', 'key.pem', 'cert.pem'].map(name => join(folder, name)) as [string, string, string]
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Linli test authority', '-keyout', 'ca-key.pem', '-out', authority)
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', 'request.pem')
  writeFileSync(join(folder, 'names.txt'), 'subjectAltName=DNS:localhost\n')
  openssl('x509', '-req', '-in', 'request.pem', '-CA', authority, '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names.txt', '-out', certificate)
  return { authority, key: readFileSync(key), certificate: readFileSync(certificate) }
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.on('close', code => code === 0 ? resolve(output) : reject(new Error(`the scan ended with ${code}`)))
  })
}
