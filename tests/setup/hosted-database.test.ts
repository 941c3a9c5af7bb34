import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHostedDatabase, whyNotConnected } from '../../scripts/setup/hosted-database.ts'
import { selfSigned } from '../tls-proxy.ts'

const folder = mkdtempSync(join(tmpdir(), 'linli-ca-'))
const authority = join(folder, 'ca.pem')
const own = selfSigned()
const sockets = new Set<Socket>()
let server: Server
/** Whether somebody said who they are: what comes after that is the password. */
let isTold = false

/** Stands where the database should be: speaks TLS with a certificate of its own, and refuses once it knows who asks. */
beforeAll(async () => {
  writeFileSync(authority, own.cert)
  writeFileSync(join(folder, 'empty.pem'), '')
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, ...own })
      secure.on('error', () => undefined)
      secure.once('data', () => {
        isTold = true
        const words = Buffer.from('SFATAL\0C28P01\0Mno\0\0')
        const length = Buffer.alloc(4)
        length.writeInt32BE(words.length + 4)
        secure.end(Buffer.concat([Buffer.from('E'), length, words]))
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  isTold = false
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

async function connect(query: string, ca?: string) {
  const sql = openHostedDatabase(`postgres://postgres:secret@localhost:${(server.address() as AddressInfo).port}/postgres?connect_timeout=5${query}`, ca)
  try {
    return await sql`select 1`.catch((error: unknown) => error)
  }
  finally {
    await sql.end({ timeout: 0 })
  }
}

describe('the database of a Supabase project', () => {
  it('hears nothing when its certificate is signed by nobody we know', async () => {
    const error = await connect('&sslmode=verify-full')

    expect(isTold).toBe(false)
    expect(whyNotConnected(error)?.message).toMatch(/^The certificate of the database is not one to trust .*SUPABASE_DB_CA/)
  })

  it('is talked to when the file of SUPABASE_DB_CA vouches for it, whatever the address asks for', async () => {
    for (const query of ['', '&sslmode=verify-full', '&sslmode=require']) {
      isTold = false
      expect(whyNotConnected(await connect(query, authority))?.message, query).toMatch(/cannot be reached \(28P01\)/)
      expect(isTold, query).toBe(true)
    }
  })

  it('with another authority than its own hears nothing, even with sslmode=require', async () => {
    const other = join(folder, 'other.pem')
    writeFileSync(other, selfSigned().cert)

    await connect('&sslmode=require', other)

    expect(isTold).toBe(false)
  })

  it('over a network is checked without being asked for', () => {
    const { ssl } = openHostedDatabase('postgres://postgres:secret@db.hill.example:5432/postgres', undefined).options

    expect(ssl).toEqual({ host: 'db.hill.example' })
  })

  it('is refused in a sentence with a file that is missing or holds no certificate', () => {
    expect(() => openHostedDatabase('postgres://db.hill.example/postgres', join(folder, 'no.pem'))).toThrow(/cannot be read/)
    expect(() => openHostedDatabase('postgres://db.hill.example/postgres', join(folder, 'empty.pem'))).toThrow(/holds no certificate/)
    expect(() => openHostedDatabase('mysql://db.hill.example', undefined)).toThrow(/starts with postgres/)
  })
})
