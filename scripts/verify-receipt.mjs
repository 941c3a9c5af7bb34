#!/usr/bin/env node
// Checks a saved receipt without the station: node verify-receipt.mjs RECEIPT KEYS [ROOTS]
//   RECEIPT  the file saved after sending (proves that the station took the report, and when), or the whole receipt (JSON) saved
//            from the report's page (proves the text and its place in the chain as well); or certificate.json, which lies inside a certificate of patrol hours
//   KEYS     a copy of /verify/keys.json      ROOTS  a copy of /verify/roots.json, best an old one from somebody else
// It speaks the language of the receipt, or of LANG: zh or en. Node 20 or newer, nothing to install, no network. Ends with 0 when nothing is wrong, 1 when something is, 2 when it cannot tell.
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

/** What is said, in the language of the receipt or else of this computer. */
const words = {
  en: {
    right: 'right       ', wrong: 'WRONG       ', open: 'not checked ',
    /** @param {any} statement */
    signed: statement => `The station signed this statement for ${statement.reference}, received ${statement.receivedAt}.`,
    text: 'The text in this file is the text that was signed.',
    noText: 'Whether the text is the one that was signed: this file, saved after sending, holds no text. It proves that the station took the report, and when. For the text, save the whole receipt from the page of the report, under "What you wrote".',
    noProof: 'Whether it is in the chain: this file holds no proof; the whole receipt from the page of the report does.',
    /** @param {any} block */
    sealed: block => `It is sealed in block ${block.number} of ${block.sealedAt}.`,
    noRoot: 'Whether it is under the root of its day: the root is published when the day is over; save the whole receipt again then.',
    /** @param {any} block @param {any} root */
    under: (block, root) => `Block ${block.number} is under the signed root of ${root.day}.`,
    /** @param {any} root */
    sameRoot: root => `Your copy of the roots has the same root for ${root.day}.`,
    /** @param {any} root */
    otherDays: root => `Whether your copy of the roots agrees: it has none for ${root.day}.`,
    /** @param {any} statement */
    certified: statement => `The station signed the certificate ${statement.number}, issued ${statement.issuedAt}.`,
    /** @param {any} content */
    facts: content => `What this file says is what was signed: ${content.holder}, ${content.from} to ${content.to}, patrols: ${content.shifts}, minutes: ${content.minutes}${content.nightMinutes === undefined ? '' : `, of them at night: ${content.nightMinutes}`}.`,
    revoked: 'Whether it was revoked: only the page of the station knows that. And whether a paper says the same as this file: compare them.',
    usage: 'Usage: node verify-receipt.mjs RECEIPT KEYS [ROOTS]',
    unreadable: 'This could not be read:',
  },
  zh: {
    right: '无误　', wrong: '有误　', open: '未核对',
    /** @param {any} statement */
    signed: statement => `派出所为 ${statement.reference} 签了这份声明，收到时间 ${statement.receivedAt}。`,
    text: '文件里的内容，就是当时签名的内容。',
    noText: '内容是不是当时签名的：这是提交后保存的文件，里面没有内容。它证明派出所签收过、在什么时候。要证明内容，请到进度页的“您写的内容”保存完整回执。',
    noProof: '有没有列入封存链：这个文件里没有封存证明，进度页上的完整回执里有。',
    /** @param {any} block */
    sealed: block => `已封存在第 ${block.number} 块，${block.sealedAt}。`,
    noRoot: '有没有列入当天的根值：根值当天结束后才公布，到时候请再保存一次完整回执。',
    /** @param {any} block @param {any} root */
    under: (block, root) => `第 ${block.number} 块列入了 ${root.day} 签名的根值。`,
    /** @param {any} root */
    sameRoot: root => `您留存的根值文件里，${root.day} 的根值一样。`,
    /** @param {any} root */
    otherDays: root => `和您留存的根值文件是否一样：里面没有 ${root.day} 的根值。`,
    /** @param {any} statement */
    certified: statement => `派出所签发了证明 ${statement.number}，时间 ${statement.issuedAt}。`,
    /** @param {any} content */
    facts: content => `文件里的内容，就是当时签名的内容：${content.holder}，${content.from} 至 ${content.to}，巡逻 ${content.shifts} 次，在岗 ${content.minutes} 分钟${content.nightMinutes === undefined ? '' : `，其中夜间 ${content.nightMinutes} 分钟`}。`,
    revoked: '有没有被撤销：只有派出所的网页知道。纸面和这个文件是否一致：请自己对照。',
    usage: '用法：node verify-receipt.mjs 回执 keys.json [roots.json]',
    unreadable: '读不出来：',
  },
}
/** @param {any} [receipt] */
const wordsFor = receipt => words[/^zh/i.test(receipt?.locale ?? process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? '') ? 'zh' : 'en']

/**
 * What was checked, one line each; `isRight` is undefined where the files do not tell.
 * @param {any} receipt @param {any} keysFile @param {any} [rootsFile]
 * @returns {{ isRight: boolean | undefined, says: string }[]}
 */
function check(receipt, { keys }, rootsFile) {
  const { statement, nonce, content, proof } = receipt
  const say = wordsFor(receipt)
  if (statement.type === 'patrol_certificate') return checkCertificate(receipt, keys)
  const lines = [line(isSigned(keys, statement, statement.receivedAt), say.signed(statement))]
  lines.push(content && nonce
    ? line(contentHash(nonce, content) === statement.contentHash, say.text)
    : line(undefined, say.noText))
  if (!proof) return [...lines, line(undefined, say.noProof)]
  const { leaf, block, path, root, rootPath } = proof
  const sealed = { ...leaf, digest: statement.contentHash }
  lines.push(line(leaf.source === 'report_contents' && leaf.row === statement.reference && climb(leafHash(canonicalJson(sealed)), path) === block.root && isSigned(keys, block, block.sealedAt), say.sealed(block)))
  if (!root || !rootPath) return [...lines, line(undefined, say.noRoot)]
  const blockHash = sha256(withoutSignature(block)).toString('hex')
  lines.push(line(climb(leafHash(blockHash), rootPath) === root.root && isSigned(keys, root, root.publishedAt), say.under(block, root)))
  const kept = rootsFile?.roots.find((/** @type {{ day: string }} */ { day }) => day === root.day)
  lines.push(kept ? line(kept.root === root.root && isSigned(keys, kept, kept.publishedAt), say.sameRoot(root)) : line(undefined, say.otherDays(root)))
  return lines
}

/**
 * A certificate of patrol hours: the JSON file that lies inside its PDF.
 * @param {any} certificate @param {any[]} keys
 */
function checkCertificate(certificate, keys) {
  const { statement, nonce, content } = certificate
  const say = wordsFor(certificate)
  const isSame = content.number === statement.number && content.issuedAt === statement.issuedAt && contentHash(nonce, content) === statement.contentHash
  return [line(isSigned(keys, statement, statement.issuedAt), say.certified(statement)), line(isSame, say.facts(content)), line(undefined, say.revoked)]
}

/** @param {string} nonce @param {unknown} content */
const contentHash = (nonce, content) => createHash('sha256').update(Buffer.from(nonce, 'hex')).update(canonicalJson(content)).digest('hex')

/** @param {boolean | undefined} isRight @param {string} says */
const line = (isRight, says) => ({ isRight, says })

const [file, keys, roots] = process.argv.slice(2)
if (!file || !keys) {
  console.error(wordsFor().usage)
  process.exitCode = 2
}
else {
  try {
    const receipt = readJson(file)
    const say = wordsFor(receipt)
    const lines = check(receipt, readJson(keys), roots ? readJson(roots) : undefined)
    for (const { isRight, says } of lines) console.log(`${isRight === undefined ? say.open : isRight ? say.right : say.wrong}${say === words.zh ? ' ' : ''}${says}`)
    process.exitCode = lines.some(({ isRight }) => isRight === false) ? 1 : 0
  }
  catch (error) {
    console.error(`${wordsFor().unreadable} ${error instanceof Error ? error.message : error}`)
    process.exitCode = 2
  }
}
