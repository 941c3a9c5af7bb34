import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { Sentence } from '../bootstrap/sentence.mjs'

/**
 * Makes sure that a port can be listened on.
 * @param setting the setting that changes it, for the sentence
 */
export async function requireFreePort(host: string, port: number, setting: string): Promise<void> {
  const code = await listenError(host, port)
  if (code === undefined) return
  if (code === 'EADDRINUSE') throw new Sentence(`Port ${port} is taken${describe(portOwner(port))}; stop that or set ${setting} to another port.`)
  if (code === 'EACCES') throw new Sentence(`Port ${port} is reserved for root; set ${setting} to a port from 1024 on.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') throw new Sentence(`HOST is ${host}, which is no address of this machine.`)
  throw new Sentence(`Port ${port} on ${host} cannot be used (${code}); set ${setting} to another port.`)
}

function listenError(host: string, port: number) {
  return new Promise<string | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
}

function describe(owner: { pid: number, name: string } | undefined) {
  return owner ? ` by ${owner.name} (process ${owner.pid})` : ''
}

/** The process that listens on a port, as far as this user may see it (Linux only). @see proc(5) */
export function portOwner(port: number): { pid: number, name: string } | undefined {
  const sockets = new Set([...listeningInodes('/proc/net/tcp', port), ...listeningInodes('/proc/net/tcp6', port)].map(inode => `socket:[${inode}]`))
  if (!sockets.size) return undefined
  for (const pid of namesIn('/proc').filter(name => /^\d+$/.test(name))) {
    if (namesIn(`/proc/${pid}/fd`).some(fd => sockets.has(linkTarget(`/proc/${pid}/fd/${fd}`)))) {
      return { pid: Number(pid), name: textOf(`/proc/${pid}/comm`).trim() }
    }
  }
  return undefined
}

function listeningInodes(table: string, port: number) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  // Columns: sl, local address, remote address, state (0A = listening), …, inode.
  return textOf(table).split('\n').map(line => line.trim().split(/\s+/)).filter(columns => columns[1]?.endsWith(suffix) && columns[3] === '0A').map(columns => columns[9])
}

function textOf(path: string) {
  try {
    return readFileSync(path, 'utf8')
  }
  catch {
    return '' // gone meanwhile, or not ours to read
  }
}

function namesIn(path: string) {
  try {
    return readdirSync(path)
  }
  catch {
    return [] // gone meanwhile, or not ours to read
  }
}

function linkTarget(path: string) {
  try {
    return readlinkSync(path)
  }
  catch {
    return '' // closed meanwhile
  }
}
