import sharp from 'sharp'

/** An e-bike from the side, its rear wheel at the origin. */
const eBike = (x: number, y: number, scale: number, paint: string) => `
  <g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke-linecap="round" stroke-linejoin="round">
    <ellipse cx="95" cy="44" rx="160" ry="10" fill="#000" opacity=".28"/>
    ${[0, 190].map(wheel => `<circle cx="${wheel}" cy="0" r="40" stroke="#17191b" stroke-width="13"/><circle cx="${wheel}" cy="0" r="31" stroke="#8d9396" stroke-width="3"/><circle cx="${wheel}" cy="0" r="8" fill="#5d6468"/>`).join('')}
    <path d="M-34-46 Q0-66 40-44 L62 8 L128 8 L152-60 L176-64" stroke="${paint}" stroke-width="24"/>
    <path d="M62 4h66v16h-66z" fill="#2a2e31"/>
    <path d="M152-58 L190 0 M150-58 L136-128" stroke="#3a4044" stroke-width="11"/>
    <path d="M108-134 Q136-142 160-130" stroke="#1d2022" stroke-width="10"/>
    <circle cx="160" cy="-104" r="13" fill="#f3ecd2"/>
    <path d="M-32-74 h88 q10 0 8 12 h-100z" fill="#1d2022"/>
    <path d="M-44-58 h14 v10 h-14z" fill="#c8372d"/>
  </g>`

/** A stairwell at night with three e-bikes on one extension lead out of a window: nobody's, drawn and not taken. */
const stairwell = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 960">
  <defs>
    <linearGradient id="wall" x2="0" y2="1"><stop stop-color="#7f7a6c"/><stop offset="1" stop-color="#b9b19c"/></linearGradient>
    <linearGradient id="floor" x2="0" y2="1"><stop stop-color="#6d675c"/><stop offset="1" stop-color="#3f3b35"/></linearGradient>
    <radialGradient id="lamp" cx=".32" cy=".02" r=".95"><stop stop-color="#fff3cf" stop-opacity=".75"/><stop offset=".5" stop-color="#fff3cf" stop-opacity=".12"/><stop offset="1" stop-color="#000" stop-opacity=".5"/></radialGradient>
  </defs>
  <path fill="url(#wall)" d="M0 0h1280v640H0z"/>
  <path fill="#5f7f78" d="M0 400h1280v240H0z" opacity=".75"/><path fill="#4c6660" d="M0 396h1280v8H0z"/>
  <path fill="url(#floor)" d="M0 640h1280v320H0z"/>
  ${[700, 780, 880].map(y => `<path stroke="#2e2b27" stroke-width="3" opacity=".5" d="M0 ${y}h1280"/>`).join('')}
  ${[-300, 60, 420, 780, 1140, 1500].map(x => `<path stroke="#2e2b27" stroke-width="3" opacity=".4" d="M${640 + (x - 640) * 0.62} 640 L${x} 960"/>`).join('')}
  <g><path fill="#494338" d="M70 150h240v490H70z"/><path fill="#6a4a36" d="M84 164h212v476H84z"/><path fill="none" stroke="#54392a" stroke-width="6" d="M112 200h156v170H112zM112 410h156v190H112z"/><circle cx="278" cy="410" r="9" fill="#c9b27a"/></g>
  <g><path fill="#d8d5cb" d="M800 120h250v230H800z"/><path fill="#101a2b" d="M816 136h100v198H816zM934 136h100v198H934z"/><path stroke="#3e5270" stroke-width="4" d="M830 320l70-120M950 300l50-90"/></g>
  <path fill="none" stroke="#e8e4d8" stroke-width="7" d="M1012 338 C1030 460 1120 430 1096 560 S1010 640 960 668"/>
  <g transform="rotate(-4 900 676)"><path fill="#efece2" d="M800 660h170v30H800z"/>${[822, 862, 902, 942].map(x => `<circle cx="${x}" cy="675" r="8" fill="#3b3a36"/>`).join('')}<circle cx="808" cy="666" r="4" fill="#ff3b2f"/></g>
  <path fill="none" stroke="#1c1c1c" stroke-width="6" d="M824 678 C760 720 640 660 560 700 M862 682 C830 760 700 740 620 790 M904 680 C930 740 1010 720 1040 760"/>
  ${eBike(230, 690, 1.15, '#b9302a')}${eBike(480, 770, 1.3, '#e6e6e2')}${eBike(880, 800, 1.35, '#23557d')}
  <path fill="url(#lamp)" d="M0 0h1280v960H0z"/>
  <path fill="#fffbe8" d="M360 0h120l-16 26h-88z"/>
</svg>`

/** A photo as a resident would send it. @param name which one a story asks for */
export function drawPhoto(name: keyof typeof photos): Promise<Buffer> {
  return sharp(Buffer.from(photos[name])).jpeg({ quality: 84 }).toBuffer()
}
const photos = { stairwell } as const

/** What stories may show. */
export type PhotoName = keyof typeof photos
