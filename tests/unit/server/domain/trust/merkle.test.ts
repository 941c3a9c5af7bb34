import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { climbPath, leafHash, merklePath, merkleRoot } from '#server/domain/trust/merkle'

describe('Merkle trees (RFC 6962)', () => {
  /** The tree of certificate-transparency-go's reference test: eight inputs, these roots for its first n. */
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]

  it.each(roots.map((root, index) => [index + 1, root]))('have the root that is published for the first %i inputs', (count, root) => {
    expect(merkleRoot(inputs.slice(0, Number(count)).map(input => leafHash(Buffer.from(input, 'hex'))))).toBe(root)
  })

  it('prove each leaf by its path, and no other leaf', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 70 }), fc.nat(), (texts, pick) => {
      const leaves = texts.map(text => leafHash(text))
      const position = pick % leaves.length
      const path = merklePath(leaves, position)

      expect(climbPath(leaves[position]!, path)).toBe(merkleRoot(leaves))
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves.length)))
      expect(climbPath(leafHash(`${texts[position]}!`), path)).not.toBe(merkleRoot(leaves))
    }))
  })

  it('have no path to a leaf that is not there', () => {
    expect(() => merklePath([leafHash('a')], 1)).toThrow(RangeError)
  })
})
