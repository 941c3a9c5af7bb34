#!/usr/bin/env node
// Checks a saved receipt without the station: node verify-receipt.mjs RECEIPT KEYS [ROOTS]
//   RECEIPT  the file saved after sending, or the whole receipt (JSON) saved from the report's page
//   KEYS     a copy of /verify/keys.json      ROOTS  a copy of /verify/roots.json, best an old one from somebody else
// Node 20 or newer, nothing to install, no network. Ends with 0 when nothing is wrong, 1 when something is, 2 when it cannot tell.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** JSON with sorted keys and no white space. @param {unknown} value @returns {string} */
function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value && typeof value === 'object') {
    return `{${Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => a < b ? -1 : 1).map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** @param {...(Buffer | string)} parts */
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
/** A leaf of a Merkle tree (RFC 6962). @param {string} text */
const leafHash = text => sha256(Buffer.from([0]), text)
/** @param {Buffer} leaf @param {{ side: string, hash: string }[]} path */
const climb = (leaf, path) => path.reduce((below, { side, hash }) => side === 'left' ? sha256(Buffer.from([1]), Buffer.from(hash, 'hex'), below) : sha256(Buffer.from([1]), below, Buffer.from(hash, 'hex')), leaf).toString('hex')
/** @param {Record<string, unknown>} signed */
const withoutSignature = signed => canonicalJson({ ...signed, signature: undefined })

/** @param {any[]} keys @param {any} signed @param {string} at */
function isSigned(keys, signed, at) {
  const found = keys.find(({ kid }) => kid === signed.keyId)
  if (!found || (found.validFrom && Date.parse(at) < Date.parse(found.validFrom)) || (found.validUntil && Date.parse(at) >= Date.parse(found.validUntil))) return false
  const { kty, crv, x } = found
  return verify(null, Buffer.from(withoutSignature(signed)), createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), Buffer.from(signed.signature, 'base64url'))
}

/** @param {string} file */
function readJson(file) {
  const text = readFileSync(file, 'utf8')
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
}

/**
 * What was checked, one line each; `isRight` is undefined where the files do not tell.
 * @param {any} receipt @param {any} keysFile @param {any} [rootsFile]
 * @returns {{ isRight: boolean | undefined, says: string }[]}
 */
function check({ statement, nonce, content, proof }, { keys }, rootsFile) {
  const lines = [line(isSigned(keys, statement, statement.receivedAt), `The station signed this statement for ${statement.reference}, received ${statement.receivedAt}.`)]
  lines.push(content && nonce
    ? line(createHash('sha256').update(Buffer.from(nonce, 'hex')).update(canonicalJson(content)).digest('hex') === statement.contentHash, 'The text in this file is the text that was signed.')
    : line(undefined, 'Whether the text is the one that was signed: this file holds no text; save the whole receipt from the page of the report.'))
  if (!proof) return [...lines, line(undefined, 'Whether it is in the chain: this file holds no proof; save the whole receipt from the page of the report.')]
  const { leaf, block, path, root, rootPath } = proof
  const sealed = { ...leaf, digest: statement.contentHash }
  lines.push(line(leaf.source === 'report_contents' && leaf.row === statement.reference && climb(leafHash(canonicalJson(sealed)), path) === block.root && isSigned(keys, block, block.sealedAt),
    `It is sealed in block ${block.number} of ${block.sealedAt}.`))
  if (!root || !rootPath) return [...lines, line(undefined, 'Whether it is under the root of its day: the root is published when the day is over; save the receipt again then.')]
  const blockHash = sha256(withoutSignature(block)).toString('hex')
  lines.push(line(climb(leafHash(blockHash), rootPath) === root.root && isSigned(keys, root, root.publishedAt), `Block ${block.number} is under the signed root of ${root.day}.`))
  const kept = rootsFile?.roots.find((/** @type {{ day: string }} */ { day }) => day === root.day)
  lines.push(kept
    ? line(kept.root === root.root && isSigned(keys, kept, kept.publishedAt), `Your copy of the roots has the same root for ${root.day}.`)
    : line(undefined, `Whether your copy of the roots agrees: it has none for ${root.day}.`))
  return lines
}

/** @param {boolean | undefined} isRight @param {string} says */
const line = (isRight, says) => ({ isRight, says })

const [receipt, keys, roots] = process.argv.slice(2)
if (!receipt || !keys) {
  console.error('Usage: node verify-receipt.mjs RECEIPT KEYS [ROOTS]')
  process.exitCode = 2
}
else {
  try {
    const lines = check(readJson(receipt), readJson(keys), roots ? readJson(roots) : undefined)
    for (const { isRight, says } of lines) console.log(`${isRight === undefined ? 'not checked ' : isRight ? 'right       ' : 'WRONG       '}${says}`)
    process.exitCode = lines.some(({ isRight }) => isRight === false) ? 1 : 0
  }
  catch (error) {
    console.error(`This could not be read: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 2
  }
}
