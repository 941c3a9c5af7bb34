/*
  Files are sealed in pieces (AES-256-GCM each), so that neither sealing nor opening holds a file in memory and nothing is
  handed on before it is authenticated:
    file   = version (1 byte, 1) ‖ prefix (7 random bytes) ‖ piece…
    piece  = ciphertext of at most 64 KiB ‖ tag (16 bytes); iv = prefix ‖ index (4 bytes) ‖ last (1 byte)
  The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): cutting, reordering and joining are found.
*/
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Transform } from 'node:stream'
import { SealError } from './envelope.ts'

const pieceBytes = 64 * 1024
const tagBytes = 16
const headerBytes = 8
const version = 1

function ivOf(prefix: Buffer, index: number, isLast: boolean) {
  const iv = Buffer.alloc(12)
  prefix.copy(iv)
  iv.writeUInt32BE(index, 7)
  iv[11] = isLast ? 1 : 0
  return iv
}

/** Encrypts what flows through. @param about where the file belongs, authenticated with it */
export function sealStream(key: Buffer, about: string): Transform {
  const prefix = randomBytes(7)
  let waiting = Buffer.alloc(0)
  let index = 0
  const seal = (piece: Buffer, isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, ivOf(prefix, index++, isLast))
    cipher.setAAD(Buffer.from(about))
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting = Buffer.concat([waiting, chunk])
      // One byte at least stays behind: the last piece has to know that it is the last.
      while (waiting.length > pieceBytes) {
        this.push(seal(waiting.subarray(0, pieceBytes), false))
        waiting = waiting.subarray(pieceBytes)
      }
      done()
    },
    flush(done) {
      this.push(seal(waiting, true))
      done()
    },
  })
  stream.push(Buffer.concat([Buffer.from([version]), prefix]))
  return stream
}

/** Decrypts what `sealStream` made; breaks off with SealError at the first piece that was changed, cut or moved. */
export function openStream(key: Buffer, about: string): Transform {
  let waiting = Buffer.alloc(0)
  let prefix: Buffer | undefined
  let index = 0
  const open = (piece: Buffer, isLast: boolean) => {
    const decipher = createDecipheriv('aes-256-gcm', key, ivOf(prefix ?? Buffer.alloc(7), index++, isLast))
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(piece.subarray(-tagBytes))
    return Buffer.concat([decipher.update(piece.subarray(0, -tagBytes)), decipher.final()])
  }
  const guarded = (work: () => void, done: (error?: Error) => void) => {
    try {
      work()
      done()
    }
    catch (cause) {
      done(new SealError('a sealed file does not open', { cause }))
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      guarded(() => {
        waiting = Buffer.concat([waiting, chunk])
        if (!prefix && waiting.length >= headerBytes) {
          if (waiting[0] !== version) throw new SealError('not a sealed file')
          prefix = Buffer.from(waiting.subarray(1, headerBytes))
          waiting = waiting.subarray(headerBytes)
        }
        while (prefix && waiting.length > pieceBytes + tagBytes) {
          this.push(open(waiting.subarray(0, pieceBytes + tagBytes), false))
          waiting = waiting.subarray(pieceBytes + tagBytes)
        }
      }, done)
    },
    flush(done) {
      guarded(() => {
        if (!prefix || waiting.length < tagBytes) throw new SealError('a sealed file was cut')
        this.push(open(waiting, true))
      }, done)
    },
  })
}
