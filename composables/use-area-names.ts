import type { FormArea } from '#shared/alerts/alert-form'
import { useDesk } from '~/composables/use-desk'

/** What an area of a draft is called at the desk. */
export function useAreaNames() {
  const { t } = useI18n()
  const { reference, say, communityName, gridName } = useDesk()
  const communityOfGrid = (grid: string | null) => reference.value?.communities.find(({ grids }) => grids.some(({ id }) => id === grid))

  function areaName({ kind, community, grid, label, circle }: FormArea): string {
    switch (kind) {
      case 'station': return t('alerts.desk.areas.station')
      case 'community': return communityName(community)
      case 'grid': return t('alerts.desk.areas.gridOf', { community: say(communityOfGrid(grid)?.name), grid: gridName(communityOfGrid(grid)?.id ?? null, grid) })
      case 'polygon': return say(label) || t('alerts.desk.areas.polygonShape')
      case 'circle': return say(label) || t('alerts.desk.areas.circleShape', { meters: circle?.radiusMeters ?? 0 })
    }
  }
  /** As the page in a language calls it. */
  function publicAreaName(area: FormArea, code: 'zh' | 'en'): string {
    const { community, grid, label } = area
    const found = area.kind === 'grid' ? communityOfGrid(grid)?.grids.find(({ id }) => id === grid) : area.kind === 'community' ? reference.value?.communities.find(({ id }) => id === community) : undefined
    return found?.name[code] || label[code] || areaName(area)
  }
  return { areaName, publicAreaName }
}
