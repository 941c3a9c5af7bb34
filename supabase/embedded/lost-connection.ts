import net from 'node:net'

/** How long the driver goes on believing in a connection that broke, so that what it still writes has somewhere to go. */
const BELIEVED_MS = 50

/**
 * For the option `socket` of postgres.js 3.4.9, which hangs for ever or falls over ("Cannot read properties of null") when something is written in the
 * moment in which a connection breaks, as the `rollback` after a failed query is. Here queries under way are rejected first, what is written because of that
 * goes into nothing, and `onLost` hears of it: whoever owns the pool then ends it and takes a new one.
 * @param onLost also when nobody listens there; not when we hung up ourselves
 * @see https://github.com/porsager/postgres/issues/1186
 */
export function watchConnections(onLost: () => void) {
  return { socket: ({ host: [host], port: [port] }: { host: string[], port: number[] }) => new WatchedSocket(onLost).connect({ host, port: port ?? 5432 }).setNoDelay() }
}

class WatchedSocket extends net.Socket {
  readonly #onLost: () => void
  #hasHungUp = false

  constructor(onLost: () => void) {
    super()
    this.#onLost = onLost
    // The other side hung up first.
    this.once('end', () => this.#hasHungUp || this.destroy(new Error('the database closed the connection')))
  }

  override end(...rest: unknown[]): this {
    this.#hasHungUp = true
    return Reflect.apply(super.end, this, rest) as this
  }

  override emit(event: string | symbol, ...rest: unknown[]): boolean {
    if (event === 'error' && !this.#hasHungUp) this.#onLost()
    if (event !== 'close') return super.emit(event, ...rest)
    setTimeout(() => super.emit('close', false), this.#hasHungUp ? 0 : BELIEVED_MS)
    return true
  }
}
