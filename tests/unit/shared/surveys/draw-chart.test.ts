import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { drawTrend, type ChartItem } from '#shared/surveys/draw-chart'

const words = { title: '您觉得安全吗', label: '回答', share: '占比', interval: '95% 区间', base: '人数', hidden: '人数太少，不公布' }
const item = (label: string, percent: number, low = percent - 10, high = percent + 10): ChartItem => ({ label, rate: { percent, low, high }, base: 50 })
const hidden = (label: string): ChartItem => ({ label, rate: null, base: null })
/** The values of an attribute wherever an element of this class has it. */
const valuesOf = (svg: string, className: string, attribute: string) => [...svg.matchAll(new RegExp(`<[^>]*class="${className}"[^>]*>`, 'g'))].map(([element]) => new RegExp(` ${attribute}="([^"]*)"`).exec(element)?.[1])

describe('a line over time', () => {
  it('breaks where a month is hidden', () => {
    const { svg } = drawTrend([item('9 月', 50), item('10 月', 100, 90, 100), hidden('11 月'), item('12 月', 0, 0, 10)], words)

    // From 34 to 312 in three steps; 100 % is at 10, 0 % at 150.
    expect(valuesOf(svg, 'chart-line', 'points')).toEqual(['34,80 126.7,10', '312,150'])
    expect(valuesOf(svg, 'chart-band', 'points')).toEqual(['34,66 126.7,10 126.7,24 34,94'])
    expect(valuesOf(svg, 'chart-interval', 'd')).toEqual(['M312 136V150'])
    expect(valuesOf(svg, 'chart-point', 'cx')).toEqual(['34', '126.7', '312'])
  })

  it('says the same in a table', () => {
    expect(drawTrend([item('9 月', 80, 67, 89), hidden('10 月')], words).table).toEqual({
      caption: '您觉得安全吗', head: ['回答', '占比', '95% 区间', '人数'], rows: [['9 月', '80 %', '67–89 %', '50'], ['10 月', '人数太少，不公布', '–', '–']],
    })
  })

  it('of one month or none is no error', () => {
    expect(valuesOf(drawTrend([item('9 月', 50)], words).svg, 'chart-point', 'cx')).toEqual(['34'])
    expect(drawTrend([], words).table.rows).toEqual([])
  })
})

describe('every chart', () => {
  const nasty = '"><script>alert(1)</script>&'
  const charts = [drawTrend([item(nasty, 50), hidden(nasty)], { ...words, title: nasty, hidden: nasty }), drawTrend([], words)]

  it('is sound XML in which nothing from outside is markup', () => {
    for (const { svg } of charts) {
      using document = XmlDocument.fromString(svg)
      expect(document.find('//s:script', { s: 'http://www.w3.org/2000/svg' })).toEqual([])
    }
    using read = XmlDocument.fromString(charts[0]?.svg ?? '')
    expect(read.find('//s:text', { s: 'http://www.w3.org/2000/svg' }).map(({ content }) => content)).toContain(nasty)
    expect(read.get('/s:svg/@aria-label', { s: 'http://www.w3.org/2000/svg' })?.content).toBe(nasty)
    expect(() => XmlDocument.fromString('<svg><text>&</text></svg>')).toThrow()
  })

  it('has no style, script or address of its own, so that the strictest policy lets it stand', () => {
    for (const { svg } of charts) expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/ style=| on\w+=|href|url\(|http/)
  })

  it('has a name, and its colours from the page', () => {
    for (const { svg } of charts) expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/)
    for (const { svg } of charts) expect(svg.match(/(?:fill|stroke)="(?!currentColor|none)[^"]*"/)).toBeNull()
  })
})
