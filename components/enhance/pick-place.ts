// <enhance-pick-place>: a tap on the map, or the device's position, sets the pin and chooses the grid in the list; a choice in the
// list marks the grid on the map. Without script the list alone does. The position goes nowhere but into the form.
class PickPlace extends HTMLElement {
  private readonly map = this.querySelector('svg')
  private readonly list = this.querySelector('select')
  private readonly button = this.querySelector('button')
  private readonly status = this.querySelector('[role=status]')
  private readonly pin = this.querySelector('.map-pin')
  private readonly cells = [...this.querySelectorAll<SVGPathElement>('[data-grid]')]

  connectedCallback() {
    this.map?.classList.add('map-live')
    this.map?.addEventListener('click', event => this.tap(event))
    this.list?.addEventListener('change', () => this.choose(this.list?.value ?? '', undefined))
    const { isSecureContext } = window
    for (const part of this.querySelectorAll('[data-script]')) part.toggleAttribute('hidden', part.contains(this.button) && !('geolocation' in navigator && isSecureContext))
    this.button?.addEventListener('click', () => this.locate())
  }

  private tap({ clientX, clientY }: MouseEvent) {
    const matrix = this.map?.getScreenCTM()
    if (!matrix) return
    const point = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse())
    this.say(this.setPin(point) ? 'picked' : 'outside')
  }

  private locate() {
    this.say('searching')
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const [west, north, lngPerUnit, latPerUnit] = this.frame
      const point = new DOMPoint((coords.longitude - west) / lngPerUnit, (north - coords.latitude) / latPerUnit)
      this.say(this.setPin(point) ? 'found' : 'outside')
    }, error => this.say(error.code === error.PERMISSION_DENIED ? 'refused' : 'unavailable'), { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 })
  }

  private get frame() {
    const [west = 0, north = 0, lngPerUnit = 1, latPerUnit = 1] = (this.map?.dataset.frame ?? '').split(' ').map(Number)
    return [west, north, lngPerUnit, latPerUnit] as const
  }

  private setPin(point: DOMPoint): boolean {
    const cell = this.cells.find(candidate => candidate.isPointInFill(point))
    if (cell) this.choose(cell.dataset.grid ?? '', point)
    return cell !== undefined
  }

  /** A choice in the list drops a pin that lies elsewhere. */
  private choose(grid: string, point: DOMPoint | undefined) {
    if (this.list) this.list.value = grid
    for (const cell of this.cells) cell.classList.toggle('chosen', cell.dataset.grid === grid)
    const [west, north, lngPerUnit, latPerUnit] = this.frame
    this.field('lat', point && north - point.y * latPerUnit)
    this.field('lng', point && west + point.x * lngPerUnit)
    if (point) {
      this.pin?.setAttribute('transform', `translate(${Math.round(point.x)} ${Math.round(point.y)})`)
      this.pin?.removeAttribute('display')
    }
    else {
      this.pin?.setAttribute('display', 'none')
      if (this.status) this.status.textContent = ''
    }
  }

  private field(name: string, degrees: number | undefined) {
    const input = this.querySelector<HTMLInputElement>(`input[name=${name}]`)
    if (input) input.value = degrees === undefined ? '' : degrees.toFixed(6)
  }

  private say(what: 'picked' | 'found' | 'outside' | 'searching' | 'refused' | 'unavailable') {
    if (!this.status) return
    const grid = this.list?.selectedOptions[0]?.textContent ?? ''
    this.status.textContent = (this.dataset[what] ?? '').replace('…', what === 'picked' || what === 'found' ? grid : '…')
  }
}

customElements.define('enhance-pick-place', PickPlace)
