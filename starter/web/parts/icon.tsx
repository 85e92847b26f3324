const paths = {
  back: 'M15 5l-7 7 7 7',
  send: 'M5 12h13M12 5l7 7-7 7',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.5-4.5',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  share: 'M12 15V4M8 8l4-4 4 4M6 13v6h12v-6',
  download: 'M12 4v11M8 11l4 4 4-4M6 20h12',
  down: 'M6 9l6 6 6-6',
  chevron: 'M9 5l7 7-7 7',
  device: 'M5 6h14v9H5zM3 19h18',
  key: 'M14.5 9.5a4 4 0 1 0-3.6 4L13 15.6h2v2h2v2h3v-3l-5.2-5.2',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  shield: 'M12 3.5l7 2.5v5.5c0 4-2.8 7.2-7 9-4.2-1.8-7-5-7-9V6z',
  phone: 'M8 3.5h8v17H8zM11 17.5h2',
  link: 'M10 14l4-4M9 11l-2.5 2.5a3.2 3.2 0 0 0 4.5 4.5L13.500 15.500M15 13l2.500-2.500a3.2 3.2 0 0 0-4.500-4.500L10.500 8.500',
  leave: 'M10 5H5v14h5M14 8l4 4-4 4M9 12h9',
  eye: 'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  eyeOff:
    'M4 4l16 16M9.5 6.4A9 9 0 0 1 12 6c6 0 9.5 6 9.5 6a16 16 0 0 1-2.6 3.2M6.3 7.8A15 15 0 0 0 2.5 12s3.5 6 9.5 6a9 9 0 0 0 3.9-.9',
  clock: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v4.2l2.8 1.8',
  tick: 'M6 12.5l4 4 8-9',
  ticks: 'M3 12.5l4 4 7.5-9M12 15.6l.9.9 7.6-9',
  alert: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v5M12 15.8v.4',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  camera: 'M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  pencil: 'M5 19l1-4L16 5l3 3L9 18z',
  info: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 11v5M12 8v.3',
  people:
    'M9 5.500a3.2 3.2 0 1 0 0 6.400 3.2 3.2 0 0 0 0-6.400zM3 19.500c0-3.300 2.700-5.200 6-5.200s6 1.900 6 5.200M15.500 6a3 3 0 0 1 0 5.600M17.500 14.800c2.200.6 3.500 2.300 3.500 4.700',
  pin: 'M9 4h6M10 4v6l-3 4h10l-3-4V4M12 14v6',
  mute: 'M5 9.500h3L12.500 6v12L8 14.500H5zM16 9.500l4 5M20 9.500l-4 5',
  plus: 'M12 5v14M5 12h14',
  bin: 'M5 7h14M9 7V5h6v2M7 7l1 12h8l1-12',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  reply: 'M10 6l-6 6 6 6M4 12h9c4 0 7 2 7 6',
  forward: 'M14 6l6 6-6 6M20 12h-9c-4 0-7 2-7 6',
  thread: 'M5 6h14v9h-8l-4 4v-4H5z',
  poll: 'M5 7h9M5 12h14M5 17h6',
  smile:
    'M12 4.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM9.200 10v.2M14.800 10v.2M8.800 13.800c1.600 2.200 4.800 2.200 6.400 0',
} as const

export type IconName = keyof typeof paths

const mirrored: readonly IconName[] = ['back', 'send', 'chevron', 'leave', 'reply', 'forward']

/** A small drawing that only repeats what a text beside it says. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class={mirrored.includes(name) ? 'icon mirrored' : 'icon'}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
