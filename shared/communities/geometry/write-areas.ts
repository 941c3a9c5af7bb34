import type { StationAreas } from '../import-schema.ts'

/** A station's areas as the file that the import reads: to be changed in a drawing program and brought back. */
export function writeAreas({ communities }: StationAreas): { type: 'FeatureCollection', features: object[] } {
  return {
    type: 'FeatureCollection',
    features: communities.flatMap(({ slug, name, boundary, grids }) => [
      { type: 'Feature', properties: { kind: 'community', community: slug, name_zh: name.zh, name_en: name.en }, geometry: boundary },
      ...grids.map(grid => ({ type: 'Feature', properties: { kind: 'grid', community: slug, code: grid.code, name_zh: grid.name.zh, name_en: grid.name.en }, geometry: grid.boundary })),
    ]),
  }
}
