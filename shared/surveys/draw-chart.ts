import type { PublishedRate } from '../trust/disclosure-control.ts'

/*
  Charts drawn on the server: SVG text without script, style or anything from elsewhere, and the table that says the same and stands beside it. Colours come from the
  page (`currentColor`, and classes beginning with `chart-`); whatever a colour says, a number says as well. Only published rates are drawn, never raw counts.
*/

export interface ChartTable { caption: string, head: string[], rows: string[][] }
export interface Chart { svg: string, table: ChartTable }
/** One share; `rate` is null where it is hidden or nobody was asked. `base` is rounded to five. */
export interface ChartItem { label: string, rate: PublishedRate | null, base: number | null }
/** What the chart says besides its numbers, in the language of the page. */
export interface ChartWords { title: string, label: string, share: string, interval: string, base: string, hidden: string }

const width = 320
const textSize = 13
const number = (value: number) => String(Math.round(value * 10) / 10)
const escape = (text: string) => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
const range = ({ low, high }: PublishedRate) => `${low}–${high} %`

const [plotTop, plotHeight, plotLeft] = [10, 140, 34]

/** How a share went over time, oldest first, with the 95 % interval as a band. A hidden month leaves a gap: no line is drawn over what is not known. */
export function drawTrend(items: readonly ChartItem[], words: ChartWords): Chart {
  const last = Math.max(1, items.length - 1)
  const x = (index: number) => number(plotLeft + index * (width - plotLeft - 8) / last)
  const y = (percent: number) => number(plotTop + plotHeight * (1 - percent / 100))
  const points = items.map(({ rate }, index) => ({ rate, index }))
  const stretches = points.reduce<{ rate: PublishedRate, index: number }[][]>((found, { rate, index }) => {
    if (!rate) return found
    const current = found.at(-1)
    if (current?.at(-1)?.index === index - 1) current.push({ rate, index })
    else found.push([{ rate, index }])
    return found
  }, [])
  const lines = stretches.map((stretch) => {
    const band = [...stretch.map(({ rate, index }) => `${x(index)},${y(rate.high)}`), ...stretch.toReversed().map(({ rate, index }) => `${x(index)},${y(rate.low)}`)].join(' ')
    // A month between two hidden ones has no band; its interval is a line.
    const interval = stretch.length > 1 ? `<polygon class="chart-band" points="${band}" fill="currentColor" opacity="0.18"/>` : stretch.map(({ rate, index }) => `<path class="chart-interval" d="M${x(index)} ${y(rate.high)}V${y(rate.low)}" stroke="currentColor" stroke-width="2" opacity="0.5"/>`).join('')
    return `${interval}<polyline class="chart-line" points="${stretch.map(({ rate, index }) => `${x(index)},${y(rate.percent)}`).join(' ')}" fill="none" stroke="currentColor" stroke-width="2"/>${stretch.map(({ rate, index }) => `<circle class="chart-point" cx="${x(index)}" cy="${y(rate.percent)}" r="3" fill="currentColor"/>`).join('')}`
  })
  const grid = [0, 50, 100].map(percent => `<path class="chart-grid" d="M${plotLeft} ${y(percent)}H${width}" stroke="currentColor" opacity="0.2"/><text class="chart-axis" x="${plotLeft - 6}" y="${number(Number(y(percent)) + 4)}" text-anchor="end">${percent}</text>`).join('')
  const foot = plotTop + plotHeight + 20
  const [from, to] = [items[0], items.length > 1 ? items.at(-1) : undefined]
  const ends = `${from ? `<text class="chart-axis" x="${plotLeft}" y="${foot}">${escape(from.label)}</text>` : ''}${to ? `<text class="chart-axis" x="${width}" y="${foot}" text-anchor="end">${escape(to.label)}</text>` : ''}`
  return { svg: frame(foot + 6, grid + lines.join('') + ends, words), table: tableOf(items, words) }
}

/** The table beside it says it all, so the picture has its title alone for whoever cannot see it. */
function frame(height: number, inside: string, { title }: ChartWords): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${escape(title)}" viewBox="0 0 ${width} ${height}" font-size="${textSize}" fill="currentColor">${inside}</svg>`
}

function tableOf(items: readonly ChartItem[], words: ChartWords): ChartTable {
  return {
    caption: words.title, head: [words.label, words.share, words.interval, words.base],
    rows: items.map(({ label, rate, base }) => [label, rate ? `${rate.percent} %` : words.hidden, rate ? range(rate) : '–', base === null ? '–' : String(base)]),
  }
}
